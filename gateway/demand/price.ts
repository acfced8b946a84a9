/** A price as a formula over the variables of a request: what does not depend on them is added up once, when it is made. */
import type { Variables } from './argument-value.ts';

/** A number, or the way to find it for one request. */
export type Price = number | Formula;

export interface Formula {
  /** Called once per request at most, however many places share the formula. */
  compute(read: ReadPrice, variables: Variables): number;
}

export type ReadPrice = (price: Price) => number;

/** What the formula comes to; at most `Number.MAX_SAFE_INTEGER`. @throws what a formula throws that is read */
export function evaluatePrice(price: Price, variables: Variables): number {
  if (typeof price === 'number') return price;
  const known = new Map<Formula, number>();
  const read: ReadPrice = (part) => {
    if (typeof part === 'number') return part;
    const found = known.get(part) ?? part.compute(read, variables);
    known.set(part, found);
    return found;
  };
  return read(price);
}

export function sum(prices: readonly Price[]): Price {
  const fixed = prices.filter((price) => typeof price === 'number').reduce(saturatingAdd, 0);
  const formulas = prices.filter((price) => typeof price !== 'number');
  if (formulas.length === 0) return fixed;
  const [only] = formulas;
  if (formulas.length === 1 && only && fixed === 0) return only;
  return { compute: (read) => formulas.map(read).reduce(saturatingAdd, fixed) };
}

export function product(one: Price, other: Price): Price {
  if (typeof one === 'number' && typeof other === 'number') return saturatingMultiply(one, other);
  if (one === 1) return other;
  return { compute: (read) => saturatingMultiply(read(one), read(other)) };
}

function saturatingAdd(one: number, other: number): number {
  return Math.min(one + other, Number.MAX_SAFE_INTEGER);
}

function saturatingMultiply(one: number, other: number): number {
  return Math.min(one * other, Number.MAX_SAFE_INTEGER);
}
