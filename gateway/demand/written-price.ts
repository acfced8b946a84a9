/** A price as JSON: the steps of its formula, each of which stands on earlier ones. */
import { check, choice, type Formula, type Price, product, type Reading, sum } from './price.ts';

export interface WrittenPrice {
  /** However many places share a step, it is written once. */
  readonly steps: readonly WrittenStep[];
  readonly price: WrittenOperand;
}

/** A number, or in brackets the index of a step. */
export type WrittenOperand = number | readonly [step: number];

export type WrittenStep =
  | readonly ['sum', fixed: number, ...parts: number[]]
  | readonly ['product', one: WrittenOperand, other: WrittenOperand]
  | readonly ['condition', variable: string, wanted: boolean, price: WrittenOperand]
  | readonly ['choice', size: number, otherwise: WrittenOperand]
  | readonly ['check', size: number]
  | readonly ['reading', type: number, node: number, argument: string | null];

/** Where a reading stands, as two numbers. */
export type PlaceOf = (reading: Reading) => readonly [type: number, node: number];

export function writePrice(price: Price, placeOf: PlaceOf): WrittenPrice {
  const steps: WrittenStep[] = [];
  const indexes = new Map<Formula, number>();

  const indexOf = (formula: Formula): number => {
    const known = indexes.get(formula);
    if (known !== undefined) return known;
    // Those it stands on come first.
    const step = toStep(formula);
    const index = steps.push(step) - 1;
    indexes.set(formula, index);
    return index;
  };
  const operandOf = (part: Price): WrittenOperand => (typeof part === 'number' ? part : [indexOf(part)]);
  const toStep = (formula: Formula): WrittenStep => {
    switch (formula.kind) {
      case 'sum':
        return ['sum', formula.fixed, ...formula.parts.map(indexOf)];
      case 'product':
        return ['product', operandOf(formula.one), operandOf(formula.other)];
      case 'condition':
        return ['condition', formula.variable, formula.wanted, operandOf(formula.price)];
      case 'choice':
        return ['choice', indexOf(formula.size), operandOf(formula.otherwise)];
      case 'check':
        return ['check', indexOf(formula.size)];
      case 'reading':
        return ['reading', ...placeOf(formula), formula.argument ?? null];
    }
  };

  return { price: operandOf(price), steps };
}

/**
 * @param read what the arguments at a place say
 * @throws RangeError for what no price was written as
 */
export function readPrice(
  { steps, price }: WrittenPrice,
  read: (type: number, node: number, argument: string | null) => Price,
): Price {
  const prices: Price[] = [];
  const at = (index: number): Price => {
    const found = prices[index];
    if (found === undefined) throw new RangeError(`A price stands on step ${index}, which is not there.`);
    return found;
  };
  const toPrice = (operand: WrittenOperand): Price =>
    typeof operand === 'number' ? operand : at(operand[0]);
  for (const step of steps) prices.push(readStep(step, at, toPrice, read));
  return toPrice(price);
}

function readStep(
  step: WrittenStep,
  at: (index: number) => Price,
  toPrice: (operand: WrittenOperand) => Price,
  read: (type: number, node: number, argument: string | null) => Price,
): Price {
  switch (step[0]) {
    case 'sum': {
      const [, fixed, ...parts] = step;
      return sum([fixed, ...parts.map(at)]);
    }
    case 'product':
      return product(toPrice(step[1]), toPrice(step[2]));
    case 'condition':
      return { kind: 'condition', variable: step[1], wanted: step[2], price: toPrice(step[3]) };
    case 'choice':
      return choice(at(step[1]), toPrice(step[2]));
    case 'check':
      return check(at(step[1]));
    case 'reading':
      return read(step[1], step[2], step[3]);
  }
}
