/** What must be asked before an operation may run: each guard of each field in it. */
import {
  BREAK,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  getArgumentValues,
  isInterfaceType,
  isObjectType,
  Kind,
  visit,
} from 'graphql';
import type { OperationAnalysis } from '../operation/analyse.ts';
import type { AccessRules, Guard } from './compile-rules.ts';
import { type Occurrence, toOccurrence } from './decide.ts';

/** A guard, and where its arguments stand when they matter. */
export interface Question {
  readonly guard: Guard;
  readonly asked?: { readonly field: GraphQLField<unknown, unknown>; readonly node: FieldNode };
}

export interface Questions {
  readonly all: readonly Question[];
  /** Those of one field under one type, selected by one node. */
  of(typeName: string, node: FieldNode): readonly Question[];
  /** Whether the document asks for the schema itself. */
  readonly introspects: boolean;
}

/** Each guard once where its arguments cannot differ, else once for each selection and type. */
export function listQuestions(
  rules: AccessRules,
  schema: GraphQLSchema,
  document: DocumentNode,
  { fields }: OperationAnalysis,
): Questions {
  const all = new Set<Question>();
  const alone = new Map<Guard, Question>();
  const byNode = new Map<FieldNode, Map<string, readonly Question[]>>();

  const askAlone = (guard: Guard): Question => {
    const question = alone.get(guard) ?? { guard };
    alone.set(guard, question);
    return question;
  };

  const toQuestions = (typeName: string, node: FieldNode): Question[] => {
    const type = schema.getType(typeName);
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    // Of the type itself: an implementation may give an argument another default than its interface does.
    const field = type.getFields()[node.name.value];
    if (!field) return [];
    return rules
      .guardsOf(typeName, field.name)
      .map((guard) =>
        guard.args || field.args.length === 0 ? askAlone(guard) : { guard, asked: { field, node } },
      );
  };

  for (const { typeNames, node } of fields) {
    const ofNode = byNode.get(node) ?? new Map<string, readonly Question[]>();
    byNode.set(node, ofNode);
    for (const typeName of typeNames) {
      if (ofNode.has(typeName)) continue;
      const questions = toQuestions(typeName, node);
      ofNode.set(typeName, questions);
      for (const question of questions) all.add(question);
    }
  }
  return {
    all: [...all],
    of: (typeName, node) => byNode.get(node)?.get(typeName) ?? [],
    introspects: introspects(document),
  };
}

/** @param variables coerced */
export function toAsked(
  { guard, asked }: Question,
  variables: Readonly<Record<string, unknown>>,
): Occurrence {
  const args = guard.args ?? (asked ? getArgumentValues(asked.field, asked.node, variables) : {});
  return toOccurrence(guard.coordinate, args);
}

function introspects(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    [Kind.FIELD]({ name }) {
      if (name.value !== '__schema' && name.value !== '__type') return undefined;
      found = true;
      return BREAK;
    },
  });
  return found;
}
