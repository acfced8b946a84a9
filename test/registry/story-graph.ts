/** Two teams' subgraphs, and what three versions of one mini-program ask of them. */
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import type { TestSubgraphDefinition } from '../support/test-subgraph.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const person = { __typename: 'Person', id: '1', name: '韩梅梅', email: 'mei@example.com' };
const note = { id: '7', text: 'Buy tea', author: person };

export const peopleGraph: TestSubgraphDefinition = {
  name: 'people',
  sdl: `${link}
type Query { me: Person }
type Person @key(fields: "id") { id: ID! name: String! email: String }
`,
  resolvers: { Query: { me: () => person }, Person: { __resolveReference: () => person } },
};

/** What the team wants to publish: one field less. */
export const peopleWithoutEmail = peopleGraph.sdl.replace(' email: String', '');

export const notesGraph: TestSubgraphDefinition = {
  name: 'notes',
  sdl: `${link}
type Query { latest: Note }
type Note { id: ID! text: String! author: Person! }
type Person @key(fields: "id") { id: ID! notes: [Note!]! }
`,
  resolvers: { Query: { latest: () => note }, Person: { notes: () => [note] } },
};

export interface ReleasedOperation {
  readonly body: string;
  /** What its answer holds. */
  readonly data: unknown;
}

/** Each version of the mini-program asks by one operation; only the oldest asks for addresses. */
export const released = {
  '1.0.0': {
    body: 'query Mail { me { name email } }',
    data: { me: { name: person.name, email: person.email } },
  },
  '1.1.0': { body: 'query Me { me { name } }', data: { me: { name: person.name } } },
  '1.2.0': {
    body: 'query Latest { latest { text author { name } } }',
    data: { latest: { text: note.text, author: { name: person.name } } },
  },
} as const satisfies Record<string, ReleasedOperation>;

export type ReleasedVersion = keyof typeof released;
export const versions = Object.keys(released) as ReleasedVersion[];
export const miniProgram = 'tea-house';

export function toManifest(version: ReleasedVersion): string {
  const { body } = released[version];
  const name = body.split(' ')[1];
  return JSON.stringify({
    ...{ format: 'apollo-persisted-query-manifest', version: 1 },
    operations: [{ id: documentIdOf(body), body, name, type: 'query' }],
  });
}

/** What a phone with this version sends. */
export function toRequest(version: ReleasedVersion) {
  return {
    headers: {
      'content-type': 'application/json',
      'minigate-client-name': miniProgram,
      'minigate-client-version': version,
    },
    body: JSON.stringify({ documentId: documentIdOf(released[version].body) }),
  };
}
