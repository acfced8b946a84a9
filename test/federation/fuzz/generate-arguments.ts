/** Writes arguments of generated fields as literals and variables, and keeps the variables that they need. */
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { Random } from '../../../bench/random.ts';

/** Strings and ids that mean something in the world, and some that do not. */
const texts = [
  'u1',
  'u3',
  'u9',
  'b1',
  'b2',
  'g0',
  'g1',
  'k1',
  'r2',
  'r3',
  'u1@x',
  'guest0@x',
  'home',
  '"\\\n',
  '',
];

export class ArgumentWriter {
  readonly #random: Random;
  readonly #declarations: string[] = [];
  readonly #values = new Map<string, unknown>();

  constructor(random: Random) {
    this.#random = random;
  }

  get values(): Record<string, unknown> {
    return Object.fromEntries(this.#values);
  }

  /** `($v0: Int)`, or nothing. */
  declarations(): string {
    return this.#declarations.length > 0 ? `(${this.#declarations.join(', ')})` : '';
  }

  write(args: readonly GraphQLArgument[]): string {
    const given = args.filter((arg) => isRequiredArgument(arg) || this.#random.chance(0.5));
    if (given.length === 0) return '';
    return `(${given.map(({ name, type }) => `${name}: ${this.#argument(type)}`).join(', ')})`;
  }

  /** A condition: mostly one of few variables, so that several selections depend on the same. */
  boolean(): string {
    if (this.#random.chance(0.2)) return String(this.#random.chance(0.5));
    const name = `c${this.#random.below(3)}`;
    if (!this.#declarations.some((declaration) => declaration.startsWith(`$${name}:`))) {
      const hasDefault = this.#random.chance(0.2);
      this.#declarations.push(`$${name}: Boolean${hasDefault ? ' = true' : '!'}`);
      if (!hasDefault || this.#random.chance(0.5)) this.#values.set(name, this.#random.chance(0.5));
    }
    return `$${name}`;
  }

  #argument(type: GraphQLInputType): string {
    return this.#random.chance(0.4) ? this.#variable(type) : this.#literal(type, 2);
  }

  #variable(type: GraphQLInputType): string {
    const name = `v${this.#declarations.length}`;
    const position = this.#declarations.push('') - 1;
    const hasDefault = this.#random.chance(0.2);
    const defaultValue = hasDefault ? ` = ${toLiteral(this.#nonNull(type), type)}` : '';
    this.#declarations[position] = `$${name}: ${type}${defaultValue}`;
    const isOptional = hasDefault || !isNonNullType(type);
    if (!isOptional || this.#random.chance(0.7)) this.#values.set(name, this.#value(type, 2));
    return `$${name}`;
  }

  /** Variables also stand inside lists and objects. */
  #literal(type: GraphQLInputType, depth: number): string {
    const inner = isNonNullType(type) ? type.ofType : type;
    if (isListType(inner) && this.#random.chance(0.5)) {
      const items = Array.from({ length: this.#random.below(3) }, () => this.#literal(inner.ofType, depth));
      return `[${items.join(', ')}]`;
    }
    if (isInputObjectType(inner)) {
      const fields = this.#given(Object.values(inner.getFields()), depth);
      return `{ ${fields.map((field) => `${field.name}: ${this.#literal(field.type, depth - 1)}`).join(', ')} }`;
    }
    if (depth < 2 && this.#random.chance(0.2)) return this.#variable(type);
    return toLiteral(this.#value(type, depth), type);
  }

  #given(fields: readonly GraphQLInputField[], depth: number): readonly GraphQLInputField[] {
    return fields.filter((field) => isRequiredInputField(field) || (depth > 0 && this.#random.chance(0.5)));
  }

  #value(type: GraphQLInputType, depth: number): unknown {
    if (!isNonNullType(type) && this.#random.chance(0.1)) return null;
    return this.#nonNull(type, depth);
  }

  #nonNull(type: GraphQLInputType, depth = 2): unknown {
    const inner = isNonNullType(type) ? type.ofType : type;
    const random = this.#random;
    if (isListType(inner))
      return Array.from({ length: random.below(3) }, () => this.#value(inner.ofType, depth));
    if (isInputObjectType(inner)) {
      const fields = this.#given(Object.values(inner.getFields()), depth);
      return Object.fromEntries(fields.map((field) => [field.name, this.#value(field.type, depth - 1)]));
    }
    if (isEnumType(inner)) return random.pick(inner.getValues()).name;
    if (inner.name === 'Int') return random.below(5);
    if (inner.name === 'Boolean') return random.chance(0.5);
    return random.pick(texts);
  }
}

function toLiteral(value: unknown, type: GraphQLInputType): string {
  const inner = isNonNullType(type) ? type.ofType : type;
  if (value === null) return 'null';
  if (Array.isArray(value) && isListType(inner))
    return `[${value.map((item) => toLiteral(item, inner.ofType)).join(', ')}]`;
  if (isInputObjectType(inner)) {
    const fields = inner.getFields();
    const members = Object.entries(value as object).map(([name, member]) => {
      const field = fields[name];
      return field ? `${name}: ${toLiteral(member, field.type)}` : '';
    });
    return `{ ${members.join(', ')} }`;
  }
  return isEnumType(inner) ? String(value) : JSON.stringify(value);
}
