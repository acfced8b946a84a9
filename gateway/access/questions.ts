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
import { RequestError } from '../errors.ts';
import type { OperationAnalysis } from '../operation/analyse.ts';
import type { AccessRules, Guard } from './compile-rules.ts';
import { type Occurrence, toOccurrence } from './decide.ts';
import { allow, isRoleRule, leavesOf, type ShieldRule } from './shield.ts';

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

export type ListQuestions = (document: DocumentNode, analysis: OperationAnalysis) => Questions;

/** What stands at one coordinate: what is the same for every selection, and what must be asked for each. */
interface Asking {
  readonly field: GraphQLField<unknown, unknown>;
  readonly always: readonly Question[];
  readonly perSelection: readonly Guard[];
}

/** More answers than one request is worth: rules as code at the many places that wide interfaces make of one. */
const maxQuestions = 5_000;

/**
 * The function throws LIMIT_EXCEEDED for an operation with too many questions that roles alone do not decide.
 *
 * A guard is asked once where its arguments cannot differ, else once for each selection and type.
 */
export function createListQuestions(rules: AccessRules, schema: GraphQLSchema): ListQuestions {
  const askings = new Map<string, Map<string, Asking | undefined>>();
  /** By rule where roles alone decide, which they do everywhere alike. */
  const questions = new Map<Guard | ShieldRule, Question>();

  const toQuestion = (guard: Guard): Question => {
    const key = isByRoles(guard.rule) ? guard.rule : guard;
    const question = questions.get(key) ?? { guard };
    questions.set(key, question);
    return question;
  };

  const toAsking = (typeName: string, fieldName: string): Asking | undefined => {
    const type = schema.getType(typeName);
    // Of the type itself: an implementation may give an argument another default than its interface does.
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
    if (!field) return undefined;
    const guards = rules.guardsOf(typeName, fieldName).filter(({ rule }) => rule !== allow);
    const isAlways = ({ rule, args }: Guard): boolean =>
      args !== undefined || field.args.length === 0 || isByRoles(rule);
    return {
      field,
      always: [...new Set(guards.filter(isAlways).map(toQuestion))],
      perSelection: guards.filter((guard) => !isAlways(guard)),
    };
  };

  const askingOf = (typeName: string, fieldName: string): Asking | undefined => {
    const ofType = askings.get(typeName) ?? new Map<string, Asking | undefined>();
    askings.set(typeName, ofType);
    if (!ofType.has(fieldName)) ofType.set(fieldName, toAsking(typeName, fieldName));
    return ofType.get(fieldName);
  };

  return (document, { fields }) => {
    const all = new Set<Question>();
    const add = (question: Question): void => {
      if (all.size >= maxQuestions && !isByRoles(question.guard.rule)) throw tooMany();
      all.add(question);
    };
    const perNode = new Map<FieldNode, Map<string, readonly Question[]>>();
    const listPerSelection = ({ field, perSelection }: Asking, typeName: string, node: FieldNode): void => {
      const ofNode = perNode.get(node) ?? new Map<string, readonly Question[]>();
      perNode.set(node, ofNode);
      if (ofNode.has(typeName)) return;
      const asked = perSelection.map((guard): Question => ({ guard, asked: { field, node } }));
      ofNode.set(typeName, asked);
      for (const question of asked) add(question);
    };
    for (const { typeNames, node } of fields) {
      for (const typeName of typeNames) {
        const asking = askingOf(typeName, node.name.value);
        if (!asking) continue;
        for (const question of asking.always) add(question);
        if (asking.perSelection.length > 0) listPerSelection(asking, typeName, node);
      }
    }
    return {
      all: [...all],
      of: (typeName, node) => [
        ...(askingOf(typeName, node.name.value)?.always ?? []),
        ...(perNode.get(node)?.get(typeName) ?? []),
      ],
      introspects: introspects(document),
    };
  };
}

function tooMany(): RequestError {
  return new RequestError(
    'LIMIT_EXCEEDED',
    `The operation needs more than ${maxQuestions} decisions about access. Ask for less at once.`,
  );
}

/** Such a rule looks at no argument. */
function isByRoles(rule: ShieldRule): boolean {
  return leavesOf(rule).every(isRoleRule);
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
