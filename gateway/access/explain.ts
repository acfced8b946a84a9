/** Says for each field of an operation which rules decide it, and how. */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  type OperationDefinitionNode,
} from 'graphql';
import type { Principal, Roles } from '../principal.ts';
import type { AccessRules, Guard } from './compile-rules.ts';
import { createDecide, type Decision } from './decide.ts';
import { filterOperation, type Step } from './filter-operation.ts';
import { toAsked } from './questions.ts';
import { reduceRule } from './reduce-rule.ts';
import { describeRule } from './shield.ts';

export interface ExplainedRule {
  readonly rule: string;
  /** Where it stands. */
  readonly coordinate: string;
  readonly source: Guard['source'];
  readonly decision: Decision;
}

export interface ExplainedField {
  /** Response keys; a type condition stands before the key that it limits, as in `node.User:name`. */
  readonly path: string;
  /** `Type.field`, as the document names it. */
  readonly coordinate: string;
  readonly decision: Decision;
  readonly rules: readonly ExplainedRule[];
}

export interface ExplainOptions {
  readonly schema: GraphQLSchema;
  readonly rules: AccessRules;
  readonly roles: Roles;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
  readonly ruleTimeoutMs: number;
}

interface Visited {
  readonly typeNames: readonly string[];
  readonly node: FieldNode;
  readonly steps: readonly Step[];
}

/** Fragments are written out, so that each place stands by itself. */
export async function explainOperation(options: ExplainOptions): Promise<readonly ExplainedField[]> {
  const visited: Visited[] = [];
  filterOperation(options.schema, options.document, options.operation, (typeNames, node, steps) => {
    visited.push({ typeNames, node, steps });
    return false;
  });
  const { principal, ruleTimeoutMs } = options;
  const decide = createDecide({ principal }, ruleTimeoutMs);

  const explainGuard = async (guard: Guard, typeName: string, node: FieldNode): Promise<ExplainedRule> => {
    const type = options.schema.getType(typeName);
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    const occurrence = toAsked(field ? { guard, asked: { field, node } } : { guard }, options.variables);
    const reduced = reduceRule(guard.rule, principal, options.roles);
    const decision = typeof reduced === 'string' ? reduced : await decide(reduced, occurrence);
    const { rule, coordinate, source } = guard;
    return { rule: describeRule(rule), coordinate, source, decision };
  };

  const explainField = async ({ typeNames, node, steps }: Visited): Promise<ExplainedField> => {
    const rules = await Promise.all(
      typeNames.flatMap((typeName) =>
        options.rules.guardsOf(typeName, node.name.value).map((guard) => explainGuard(guard, typeName, node)),
      ),
    );
    const distinct = new Map(rules.map((one) => [JSON.stringify(one), one]));
    return {
      path: steps.map(toText).join('.'),
      coordinate: `${typeNames[0]}.${node.name.value}`,
      decision: worst(rules),
      rules: [...distinct.values()],
    };
  };
  return Promise.all(visited.map(explainField));
}

/** Of all together. */
export function worst(decided: readonly { readonly decision: Decision }[]): Decision {
  const ranking: readonly Decision[] = ['deny', 'error'];
  return ranking.find((one) => decided.some(({ decision }) => decision === one)) ?? 'allow';
}

function toText({ key, typeNames }: Step): string {
  return typeNames ? `${[...typeNames].join('|')}:${key}` : key;
}
