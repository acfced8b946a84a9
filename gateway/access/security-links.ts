/** Refuses supergraphs that ask for protection in a way that nothing here understands. */
import { type DocumentNode, Kind, visit } from 'graphql';
import { StartupError } from '../startup-error.ts';
import { findAppliedDirectives, isSpecUrl, readLinks } from '../supergraph/applied-directives.ts';

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
  for (const spec of enforced) {
    const linked = [...findAppliedDirectives(supergraph, spec, spec).values()].flat().length;
    const written = countApplications(supergraph, spec);
    if (written > 0 && linked === 0)
      throw new StartupError(
        `The supergraph applies @${spec} without linking to https://specs.apollo.dev/${spec}/v0.1. Compose it anew.`,
      );
  }
}

function countApplications(supergraph: DocumentNode, name: string): number {
  let count = 0;
  visit(supergraph, {
    [Kind.DIRECTIVE](directive) {
      const written = directive.name.value;
      if (written === name || written.endsWith(`__${name}`)) count += 1;
    },
  });
  return count;
}
