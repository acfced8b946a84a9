/**
 * A price as a formula over the variables of a request: what does not depend on them is added up once, when it is made.
 * Formulas are data, so that they can be written down.
 */
import type { FieldNode, GraphQLCompositeType } from 'graphql';
import type { Variables } from './argument-value.ts';

/** A number, or the way to find it for one request. */
export type Price = number | Formula;

export type Formula =
  | { readonly kind: 'sum'; readonly fixed: number; readonly parts: readonly Formula[] }
  | { readonly kind: 'product'; readonly one: Price; readonly other: Price }
  /** Nothing unless the variable has the wanted value. */
  | { readonly kind: 'condition'; readonly variable: string; readonly wanted: boolean; readonly price: Price }
  /** The size, unless it is not a number in this request. */
  | { readonly kind: 'choice'; readonly size: Formula; readonly otherwise: Price }
  /** Nothing, but a size that does not hold is refused also where no list takes it. */
  | { readonly kind: 'check'; readonly size: Formula }
  | Reading;

/** What the arguments of a field say in one request. */
export interface Reading {
  readonly kind: 'reading';
  readonly type: GraphQLCompositeType;
  readonly node: FieldNode;
  /** Whose cost it is; without it, the size of the list. */
  readonly argument: string | undefined;
  compute(variables: Variables): number;
}

type ReadPrice = (price: Price) => number;

/**
 * What the formula comes to; at most `Number.MAX_SAFE_INTEGER`. However many places share a part, it is computed once.
 *
 * @throws what a reading throws that counts
 */
export function evaluatePrice(price: Price, variables: Variables): number {
  if (typeof price === 'number') return price;
  const known = new Map<Formula, number>();
  const read: ReadPrice = (part) => {
    if (typeof part === 'number') return part;
    const found = known.get(part) ?? compute(part, read, variables);
    known.set(part, found);
    return found;
  };
  return read(price);
}

function compute(formula: Formula, read: ReadPrice, variables: Variables): number {
  switch (formula.kind) {
    case 'sum':
      return formula.parts.map(read).reduce(saturatingAdd, formula.fixed);
    case 'product':
      return saturatingMultiply(read(formula.one), read(formula.other));
    case 'condition':
      return variables[formula.variable] === formula.wanted ? read(formula.price) : 0;
    case 'choice': {
      const size = read(formula.size);
      return Number.isNaN(size) ? read(formula.otherwise) : size;
    }
    case 'check':
      read(formula.size);
      return 0;
    case 'reading':
      return formula.compute(variables);
  }
}

export function sum(prices: readonly Price[]): Price {
  const fixed = prices.filter((price) => typeof price === 'number').reduce(saturatingAdd, 0);
  const parts = prices.filter((price) => typeof price !== 'number');
  if (parts.length === 0) return fixed;
  const [only] = parts;
  if (parts.length === 1 && only && fixed === 0) return only;
  return { kind: 'sum', fixed, parts };
}

export function product(one: Price, other: Price): Price {
  if (typeof one === 'number' && typeof other === 'number') return saturatingMultiply(one, other);
  if (one === 1) return other;
  return { kind: 'product', one, other };
}

/** @param size not a number where it is left open */
export function choice(size: Price, otherwise: Price): Price {
  if (typeof size !== 'number') return { kind: 'choice', size, otherwise };
  return Number.isNaN(size) ? otherwise : size;
}

export function check(size: Price): Price {
  return typeof size === 'number' ? 0 : { kind: 'check', size };
}

function saturatingAdd(one: number, other: number): number {
  return Math.min(one + other, Number.MAX_SAFE_INTEGER);
}

function saturatingMultiply(one: number, other: number): number {
  return Math.min(one * other, Number.MAX_SAFE_INTEGER);
}
