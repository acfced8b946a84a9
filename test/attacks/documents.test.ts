/** Attacks by the text of a document: what does not parse, validate or resolve is refused before any subgraph hears of it. */
import { createAttack } from '../support/attack.ts';

const attack = createAttack({ dev: true });

attack('V-01', 'a document that stops in mid-selection is refused', {
  send: { body: { query: '{me' } },
  expect: { status: 400, code: 'GRAPHQL_PARSE_FAILED', fetches: 0 },
});
