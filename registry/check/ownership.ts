/** Finds where a subgraph reaches into what others own: composition alone lets anybody take over, hide or copy a field. */
import type { SubgraphSchema } from '../compose.ts';
import type { Problem } from './problem.ts';
import { readSubgraphParts, type SubgraphPart, type SubgraphParts } from './subgraph-parts.ts';

export interface OwnershipQuestion {
  /** All subgraphs as they are now, also the one that changes. */
  readonly current: readonly SubgraphSchema[];
  readonly candidate: SubgraphSchema;
  /** The subgraphs in whose name the publisher may act; `*` for all. */
  readonly mayActFor: readonly string[];
  readonly approvals: readonly Approval[];
}

export interface Approval {
  readonly subject: string;
  /** The subgraphs in whose name it was given; `*` for all. */
  readonly scope: readonly string[];
}

/** Directives that change what others see of a type or field. */
const reaching = [
  ...['tag', 'inaccessible', 'authenticated', 'requiresScopes', 'policy'],
  ...['cost', 'listSize', 'interfaceObject'],
];

/**
 * What the candidate did before is not asked again. Anything new on a type or field that another subgraph defines needs
 * the approval of one of its owners: `@override`, a copy of the field, a directive that hides, tags, guards or prices it.
 */
export function findOwnershipProblems(question: OwnershipQuestion): Problem[] {
  const { current, candidate } = question;
  const { name } = candidate;
  const parts = readSubgraphParts(candidate.sdl);
  const own = current.find((subgraph) => subgraph.name === name);
  const before: SubgraphParts = own ? readSubgraphParts(own.sdl) : new Map();
  const others = current
    .filter((subgraph) => subgraph.name !== name)
    .map((subgraph) => ({ name: subgraph.name, parts: readSubgraphParts(subgraph.sdl) }));
  const keys = keyFields(parts);
  const ownersOf = (coordinate: string): string[] =>
    others.filter((other) => isOwn(other.parts.get(coordinate))).map((other) => other.name);

  const problems: Problem[] = [];
  const need = (verb: string, coordinate: string, owners: readonly string[]): void => {
    const subject = `${verb} ${coordinate} by ${name}`;
    if (owners.length === 0 || isApproved(question, subject, owners)) return;
    const message = `${name} would ${verb} ${coordinate}, which is ${owners.join("'s and ")}'s. One of its owners has to approve.`;
    problems.push({ code: 'APPROVAL_NEEDED', coordinate, message, approval: { subject, owners } });
  };

  for (const [coordinate, part] of parts) {
    const earlier = before.get(coordinate);
    const owners = ownersOf(coordinate);
    const override = part.directives.find((directive) => directive.name === 'override');
    if (override) {
      const from = String(override.args.from);
      const isNew = !earlier?.directives.some(
        (directive) => directive.name === 'override' && directive.args.from === from,
      );
      if (isNew && owners.includes(from)) need('override', coordinate, [from]);
    } else if (isCopy(coordinate, part, keys) && !isOwn(earlier)) need('share', coordinate, owners);
    for (const directive of part.directives) {
      if (!reaching.includes(directive.name)) continue;
      const text = JSON.stringify(directive);
      if (!earlier?.directives.some((known) => JSON.stringify(known) === text))
        need(directive.name, coordinate, owners);
    }
  }
  return problems;
}

/** A field that it resolves itself, or a type that composition merges with those of the same name. */
function isCopy(coordinate: string, part: SubgraphPart, keys: ReadonlySet<string>): boolean {
  if (part.kind === 'field') return isOwn(part) && !keys.has(coordinate);
  return part.kind === 'input' || part.kind === 'enum' || part.kind === 'union' || part.kind === 'interface';
}

function isOwn(part: SubgraphPart | undefined): boolean {
  return part !== undefined && !part.directives.some(({ name }) => name === 'external');
}

/** Whoever refers to an entity names its keys: that takes nothing from anybody. */
function keyFields(parts: SubgraphParts): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const [typeName, { directives }] of parts)
    for (const { name, args } of directives)
      if (name === 'key')
        for (const [field] of String(args.fields).matchAll(/\w+/g)) keys.add(`${typeName}.${field}`);
  return keys;
}

function isApproved(
  { mayActFor, approvals }: OwnershipQuestion,
  subject: string,
  owners: readonly string[],
): boolean {
  const covers = (scope: readonly string[]): boolean =>
    scope.includes('*') || owners.some((owner) => scope.includes(owner));
  return (
    covers(mayActFor) || approvals.some((approval) => approval.subject === subject && covers(approval.scope))
  );
}
