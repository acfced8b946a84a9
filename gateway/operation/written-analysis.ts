/** An analysis as text: written by the registry for each registered operation, so that gateways need only read it. */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Pricing, SelectedField } from '../demand/pricing.ts';
import type { WrittenPrice } from '../demand/written-price.ts';
import type { OperationAnalysis } from './analyse.ts';
import { measureOperations, type OperationSize } from './measure.ts';

/** Of the text; another number whenever a gateway of before could misread it, or analyses come to say something else. */
export const analysisFormat = 1;

/** Fields are told by their number in the document, types by theirs in `types`. */
interface WrittenAnalysis {
  /** Of each operation of the document. */
  readonly sizes: readonly OperationSize[];
  readonly types: readonly string[];
  /** Lists of types in whose names a field is judged; the one that it is selected of comes first. */
  readonly judges: readonly (readonly number[])[];
  /** Two for each use: the field, and the list of its judges. */
  readonly uses: readonly number[];
  readonly returnedTypes: readonly number[];
  readonly price: WrittenPrice;
}

/** What is known of an operation without analysing it, and the sizes of all operations of its document. */
export interface ReadAnalysis extends Omit<OperationAnalysis, 'operation'> {
  readonly sizes: ReadonlyMap<OperationDefinitionNode, OperationSize>;
}

export function writeAnalysis(document: DocumentNode, analysis: OperationAnalysis, pricing: Pricing): string {
  const types = createNumbers();
  const judges = createNumbers();
  const numbers = new Map(fieldsOf(document).map((node, number) => [node, number]));
  const numberOf = (node: FieldNode): number => numbers.get(node) ?? -1;
  const written: Omit<WrittenAnalysis, 'types' | 'judges'> = {
    sizes: [...measureOperations(document).values()],
    uses: analysis.fields.flatMap(({ typeNames, node }) => [
      numberOf(node),
      judges.of(typeNames.map(types.of).join()),
    ]),
    returnedTypes: [...analysis.returnedTypes].map(types.of),
    price: pricing.write(analysis.price, ({ type, node }) => [types.of(type.name), numberOf(node)]),
  };
  const lists = judges.all().map((list) => list.split(',').map(Number));
  return JSON.stringify({ ...written, types: types.all(), judges: lists });
}

/** `undefined` for what was not written of this document under this schema. */
export function readAnalysis(
  text: string,
  schema: GraphQLSchema,
  pricing: Pricing,
  document: DocumentNode,
): ReadAnalysis | undefined {
  try {
    const written = JSON.parse(text) as WrittenAnalysis;
    const nodes = fieldsOf(document);
    const types = written.types.map((name) => schema.getType(name));
    const select = (type: number, number: number): SelectedField => selectField(types[type], nodes[number]);
    const judges = written.judges.map((list) => list.map((type) => toKnown(written.types[type])));
    const fields = pairsOf(written.uses).map(([number, list]) => {
      const { field, node } = select(toKnown(written.judges[list]?.[0]), number);
      return { typeNames: toKnown(judges[list]), field, node };
    });
    return {
      fields,
      returnedTypes: new Set(written.returnedTypes.map((type) => toKnown(written.types[type]))),
      price: pricing.read(written.price, select),
      sizes: new Map(operationsOf(document).map((each, index) => [each, toKnown(written.sizes[index])])),
    };
  } catch {
    return undefined;
  }
}

function selectField(type: unknown, node: FieldNode | undefined): SelectedField {
  if (!isCompositeType(type) || !('getFields' in type) || !node)
    throw new RangeError('There is no such field.');
  return { type, field: toKnown(type.getFields()[node.name.value]), node };
}

/** @throws RangeError for what is not there */
function toKnown<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new RangeError('It is of another document or schema.');
  return value;
}

function pairsOf(numbers: readonly number[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (let at = 0; at + 1 < numbers.length; at += 2)
    pairs.push([toKnown(numbers[at]), toKnown(numbers[at + 1])]);
  return pairs;
}

/** Numbers texts from 0 as they come. */
function createNumbers() {
  const numbers = new Map<string, number>();
  return {
    of(text: string): number {
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      return number;
    },
    all: (): string[] => [...numbers.keys()],
  };
}

/** As they stand in the document. */
function fieldsOf({ definitions }: DocumentNode): FieldNode[] {
  const fields: FieldNode[] = [];
  const visit = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fields.push(selection);
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) visit(selection.selectionSet);
    }
  };
  for (const definition of definitions)
    if ('selectionSet' in definition && definition.selectionSet) visit(definition.selectionSet);
  return fields;
}

function operationsOf({ definitions }: DocumentNode): OperationDefinitionNode[] {
  return definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
}
