/** What is wrong with the fields of some things, the same for everyone who asks. */
import { type GraphQLOutputType, getNamedType, isEnumType, isLeafType } from 'graphql';
import { hashToUnit } from '../../../bench/random.ts';
import type { Thing } from './world.ts';

/** `garbage` is a value of the wrong type. */
export type Fault = 'null' | 'error' | 'garbage';

export type Faults = (source: Thing, field: string) => Fault | undefined;

export const noFaults: Faults = () => undefined;

/** Without these nothing can be joined; that subgraphs get them wrong is tested elsewhere. */
const keys = ['id', 'email', 'slug', 'country', 'code'];

/**
 * One representation serves several computed fields, so that a fault in what one of them requires takes the others
 * too, which one schema alone would not do. Null does no such harm.
 */
const required: Readonly<Record<string, readonly string[]>> = {
  Gadget: ['weight', 'price', 'size'],
  Size: ['width', 'height'],
};

/** @param density the part of all fields of all things that have a fault, from 0 to 1 */
export function createFaults(seed: number, density: number): Faults {
  return (source, field) => {
    if (keys.includes(field)) return undefined;
    const unit = hashToUnit(`${seed} ${source.uid} ${field}`) / density;
    if (unit >= 1) return undefined;
    const fault = unit < 0.4 ? 'null' : unit < 0.7 ? 'error' : 'garbage';
    if (!required[source.kind]?.includes(field)) return fault;
    return fault === 'null' && source.kind === 'Gadget' ? fault : undefined;
  };
}

/** What a field with a fault answers. Garbage is of no use for objects: nothing can be asked of it. */
export function applyFault(fault: Fault, type: GraphQLOutputType): unknown {
  if (fault === 'null') return null;
  const named = getNamedType(type);
  if (fault === 'error' || !isLeafType(named)) throw new Error('This field is broken.');
  return isEnumType(named) ? 'GHOST' : {};
}
