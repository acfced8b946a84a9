/** Refuses subgraphs whose protection composition would drop without a word: foreign or misspelt security links. */
import { GraphQLError, Kind, parse, visit } from 'graphql';
import { isSpecUrl, readLinks } from '../../gateway/supergraph/applied-directives.ts';
import type { SubgraphSchema } from '../compose.ts';
import type { Problem } from './problem.ts';
import { knownSpecs, readDirectiveNames } from './subgraph-parts.ts';

const security = ['authenticated', 'requiresScopes', 'policy', 'inaccessible'];

export function findSecurityLinkProblems({ name, sdl }: SubgraphSchema): Problem[] {
  const document = parseOrNothing(sdl);
  if (!document) return [];
  const links = readLinks(document);
  const foreign = links
    .filter(({ url }) => !knownSpecs.some((spec) => isSpecUrl(url, spec)))
    .filter(
      ({ url, import: imports }) =>
        security.some((spec) => url.toLowerCase().includes(spec.toLowerCase())) ||
        (Array.isArray(imports) ? imports : []).some((entry) =>
          security.includes(String(entry?.name ?? entry).slice(1)),
        ) ||
        /specs\.apollo\.dev/i.test(url),
    )
    .map(({ url }): Problem => {
      const message = `${name} links to ${url}, which is no specification known here. Protection that it means would be lost.`;
      return { code: 'SECURITY_LINK', message };
    });

  const toName = readDirectiveNames(document);
  const defined = new Set<string>();
  visit(document, {
    [Kind.DIRECTIVE_DEFINITION]({ name: directive }) {
      defined.add(directive.value);
    },
  });
  const unlinked = [...defined]
    .filter((written) => security.some((one) => written === one || written.endsWith(`__${one}`)))
    .filter((written) => toName(written) === written && !isImported(links, written))
    .map((written): Problem => {
      const message = `${name} defines @${written} itself. Import it from https://specs.apollo.dev/federation/v2.9, or it protects nothing.`;
      return { code: 'SECURITY_LINK', message };
    });
  return [...foreign, ...unlinked];
}

/** Under its own name, from a specification that is known. */
function isImported(links: ReturnType<typeof readLinks>, name: string): boolean {
  return links.some(
    ({ url, import: imports }) =>
      knownSpecs.some((spec) => isSpecUrl(url, spec)) &&
      Array.isArray(imports) &&
      imports.includes(`@${name}`),
  );
}

function parseOrNothing(sdl: string) {
  try {
    return parse(sdl, { noLocation: true });
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}
