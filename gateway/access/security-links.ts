/** Refuses supergraphs that ask for protection in a way that nothing here understands. */
import type { ConstDirectiveNode, DefinitionNode, DocumentNode } from 'graphql';
import { StartupError } from '../startup-error.ts';
import { findAppliedDirectives, isSpecUrl, readLinks } from '../supergraph/applied-directives.ts';
import { oncePerNode } from '../supergraph/once-per-node.ts';

const enforced = ['authenticated', 'requiresScopes', 'policy'] as const;
/** Marked as security by composition, and heeded elsewhere: hidden parts, and values that come from a parent. */
const heeded = ['inaccessible', 'context'] as const;

/**
 * A link that looks like one of the enforced specifications must be exactly that, in a version that is known; a link
 * `for: SECURITY` must be known; a directive with the name of one must have been linked.
 *
 * @throws StartupError naming the link or the directive
 */
export function checkSecurityLinks(supergraph: DocumentNode): void {
  for (const { url, ...link } of readLinks(supergraph)) {
    const isKnown =
      enforced.some((spec) => isSpecUrl(url, spec) && /\/v0\.1\/?$/.test(url)) ||
      heeded.some((spec) => isSpecUrl(url, spec));
    const resembles = enforced.some((spec) => new RegExp(`/${spec}([^a-z]|$)`, 'i').test(url));
    if (isKnown || !(resembles || link.for === 'SECURITY')) continue;
    throw new StartupError(
      `The supergraph links to ${url}, which would protect something in a way that is not known here. ` +
        'Compose it anew, or remove the link.',
    );
  }
  const written = writtenDirectives(supergraph);
  for (const spec of enforced) {
    const isWritten = written.some((name) => name === spec || name.endsWith(`__${spec}`));
    if (isWritten && findAppliedDirectives(supergraph, spec, spec).size === 0)
      throw new StartupError(
        `The supergraph applies @${spec} without linking to https://specs.apollo.dev/${spec}/v0.1. Compose it anew.`,
      );
  }
}

/** The names of all directives that are applied anywhere. */
function writtenDirectives(supergraph: DocumentNode): string[] {
  return [...new Set(supergraph.definitions.flatMap(directivesWithin))];
}

/** Not by `visit`, which takes twenty times as long. */
const directivesWithin = oncePerNode((definition: DefinitionNode): readonly string[] => {
  const names = new Set<string>();
  const note = ({ directives = [], fields = [], values = [], arguments: given = [] }: Annotated): void => {
    for (const { name } of directives) names.add(name.value);
    for (const part of fields) note(part);
    for (const part of values) note(part);
    for (const part of given) note(part);
  };
  note(definition as Annotated);
  return [...names];
});

/** Whatever of a schema can have directives, and what can within it. */
interface Annotated {
  readonly directives?: readonly ConstDirectiveNode[];
  readonly fields?: readonly Annotated[];
  readonly values?: readonly Annotated[];
  readonly arguments?: readonly Annotated[];
}
