/** Makes valid operations of every shape that a schema allows, the same ones for the same seed. */
import {
  doTypesOverlap,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isLeafType,
  isObjectType,
  isUnionType,
  parse,
  validate,
} from 'graphql';
import type { Random } from '../../../bench/random.ts';
import { ArgumentWriter } from './generate-arguments.ts';

export interface GeneratedOperation {
  readonly source: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Names that mean something elsewhere: key fields, fields that are required, and properties of every object. */
const aliases = [
  'id',
  'title',
  'name',
  'weight',
  'price',
  'code',
  'slug',
  'constructor',
  'toString',
  'a',
  'b',
];

const maxFields = 60;

export function generateOperation(schema: GraphQLSchema, random: Random): GeneratedOperation {
  for (;;) {
    const operation = new OperationWriter(schema, random).write();
    // Names that are reused on purpose sometimes clash in a place that the writer cannot foresee.
    if (validate(schema, parse(operation.source)).length === 0) return operation;
  }
}

class OperationWriter {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #composites: readonly GraphQLCompositeType[];
  readonly #arguments: ArgumentWriter;
  /** What each response name stands for, so that selections of one object can be merged. */
  readonly #meanings = new Map<string, string>();
  readonly #fragments: { name: string; type: GraphQLCompositeType; text: string }[] = [];
  #fields = 0;

  constructor(schema: GraphQLSchema, random: Random) {
    this.#schema = schema;
    this.#random = random;
    this.#arguments = new ArgumentWriter(random);
    this.#composites = Object.values(schema.getTypeMap())
      .filter(isCompositeType)
      .filter(({ name }) => !name.startsWith('__') && !['Query', 'Mutation'].includes(name));
  }

  write(): GeneratedOperation {
    const random = this.#random;
    const mutation = random.chance(0.1) ? this.#schema.getMutationType() : undefined;
    const root = mutation ?? this.#schema.getQueryType();
    if (!root) throw new Error('The schema has no query type.');
    const selections = this.#selectionSet(root, 2 + random.below(5));
    const name = random.chance(0.5) ? 'Fuzzed' : '';
    const head = `${mutation ? 'mutation' : 'query'} ${name}${this.#arguments.declarations()} ${selections}`;
    const fragments = this.#fragments.map(
      (fragment) => `fragment ${fragment.name} on ${fragment.type.name} ${fragment.text}`,
    );
    return { source: [head, ...fragments].join('\n'), variables: this.#arguments.values };
  }

  #selectionSet(type: GraphQLCompositeType, depth: number): string {
    const random = this.#random;
    const selections: string[] = [];
    for (let count = 1 + random.below(4); count > 0; count--) {
      const selection = this.#selection(type, depth);
      if (selection) selections.push(selection);
    }
    return `{ ${selections.length > 0 ? selections.join(' ') : this.#typename()} }`;
  }

  #selection(type: GraphQLCompositeType, depth: number): string | undefined {
    const random = this.#random;
    if (this.#fields > maxFields) return undefined;
    if (random.chance(0.06)) return this.#typename();
    if (isUnionType(type) || random.chance(0.22)) return depth > 0 ? this.#fragment(type, depth) : undefined;
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 0 || isLeafType(getNamedType(field.type)),
    );
    return fields.length > 0 ? this.#field(random.pick(fields), depth) : undefined;
  }

  #typename(): string {
    return `${this.#random.chance(0.3) ? this.#alias('__typename', '__typename: String!') : '__typename'}${this.#condition()}`;
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string {
    this.#fields += 1;
    const args = this.#arguments.write(field.args);
    const meaning = `${field.name}${args}: ${field.type}`;
    const known = this.#meanings.get(field.name);
    const mayKeepName = known === undefined || known === meaning;
    if (mayKeepName && known === undefined) this.#meanings.set(field.name, meaning);
    const renamed = !mayKeepName || this.#random.chance(0.15);
    const name = renamed ? this.#alias(field.name, meaning) : field.name;
    const returned = getNamedType(field.type);
    const selections = isCompositeType(returned) ? ` ${this.#selectionSet(returned, depth - 1)}` : '';
    return `${name}${args}${this.#condition()}${selections}`;
  }

  /** `alias: name`; one that is taken by another meaning is used again only now and then, which may not validate. */
  #alias(name: string, meaning: string): string {
    const free = aliases.filter((alias) => {
      const known = this.#meanings.get(alias);
      return alias !== name && (known === undefined || known === meaning || this.#random.chance(0.02));
    });
    const alias = free.length > 0 ? this.#random.pick(free) : `f${this.#meanings.size}`;
    if (!this.#meanings.has(alias)) this.#meanings.set(alias, meaning);
    return `${alias}: ${name}`;
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const random = this.#random;
    const known = this.#fragments.filter((fragment) => this.#overlaps(type, fragment.type));
    if (known.length > 0 && random.chance(0.3)) return `...${random.pick(known).name}${this.#condition()}`;
    const candidates = this.#composites.filter((candidate) => this.#overlaps(type, candidate));
    const narrowed = candidates.length > 0 && random.chance(0.85) ? random.pick(candidates) : type;
    const condition = this.#condition();
    const text = this.#selectionSet(narrowed, isObjectType(narrowed) ? depth : depth - 1);
    if (random.chance(0.7)) {
      const isImplied = narrowed === type && random.chance(0.5);
      return `...${isImplied ? '' : ` on ${narrowed.name}`}${condition} ${text}`;
    }
    const name = `F${this.#fragments.length}`;
    this.#fragments.push({ name, type: narrowed, text });
    return `...${name}${condition}`;
  }

  #overlaps(type: GraphQLCompositeType, other: GraphQLCompositeType): boolean {
    return doTypesOverlap(this.#schema, type, other);
  }

  #condition(): string {
    const random = this.#random;
    const directive = (): string => `@${random.pick(['skip', 'include'])}(if: ${this.#arguments.boolean()})`;
    if (!random.chance(0.15)) return '';
    return random.chance(0.15)
      ? ` @skip(if: ${this.#arguments.boolean()}) @include(if: true)`
      : ` ${directive()}`;
  }
}
