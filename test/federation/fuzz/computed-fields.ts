/** Fields that one subgraph computes from what others hold: from the representation there, from the object elsewhere. */
import type { Arguments } from './world-fields.ts';

/** What a computed field is given, by the name of the required field. */
export type Inputs = Readonly<Record<string, unknown>>;

export interface RequiredInput {
  readonly field: string;
  readonly args?: Arguments;
  /** The fields of the object that is required. */
  readonly nested?: readonly string[];
}

export interface ComputedField {
  readonly requires: readonly RequiredInput[];
  readonly compute: (inputs: Inputs, args: Arguments) => unknown;
}

const weight: RequiredInput = { field: 'weight' };

export const computedFields: Readonly<Record<string, Readonly<Record<string, ComputedField>>>> = {
  Book: {
    shipping: {
      requires: [weight],
      compute: (inputs, { to }) => scaled(inputs.weight, to === 'home' ? 2 : 3),
    },
  },
  Gadget: {
    shipping: {
      requires: [weight, { field: 'size', nested: ['width', 'height'] }],
      compute: ({ weight, size }, { to }) => {
        const { width, height } = (size ?? { width: 1, height: 1 }) as Inputs;
        return scaled(weight, number(width) * number(height) + (to === 'home' ? 2 : 3));
      },
    },
    insured: {
      requires: [{ field: 'price', args: { currency: 'USD' } }],
      compute: ({ price }) => scaled(price, 2),
    },
    taxed: {
      requires: [{ field: 'price', args: { currency: 'EUR' } }, weight],
      compute: ({ price, weight }) => `${orNull(price)} for ${orNull(weight)}`,
    },
  },
};

function scaled(value: unknown, factor: number): number | null {
  const known = orNull(value);
  return known === null ? null : known * factor;
}

/** @throws for what no subgraph should be sent: nothing at all, or something of another type */
function orNull(value: unknown): number | null {
  return value === null ? null : number(value);
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError('A number is required.');
  return value;
}
