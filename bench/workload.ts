/** The operations of the benchmark, and where its parts find each other. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Those that are timed. */
export const operationNames = ['heavy', 'medium', 'light'] as const;

export type OperationName = (typeof operationNames)[number];

export const operations = {
  heavy: readWorkload('heavy.graphql'),
  medium: readWorkload('medium.graphql'),
  light: readWorkload('light.graphql'),
  /** Answered by accounts alone. */
  me: 'query Me { me { id name } }',
  /** With a value that is never the same twice, nothing that is kept by value can stay small by chance. */
  top: 'query Top($first: Int) { topProducts(first: $first) { upc name } }',
} as const;

export const supergraphFile = fileURLToPath(new URL('workload/supergraph.graphql', import.meta.url));

/** Written into the supergraph, so it cannot be chosen. */
export const subgraphsOrigin = 'http://127.0.0.1:4200';

/** The text of a file in `workload/`. */
export function readWorkload(file: string): string {
  return readFileSync(new URL(`workload/${file}`, import.meta.url), 'utf8');
}
