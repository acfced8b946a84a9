/** Faults of subgraphs: the answer keeps its status and all other parts, and says which part failed. */
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import {
  answering,
  breakingOff,
  resetting,
  silent,
  silentAfterHeaders,
  streaming,
  trickling,
} from '../support/misbehaviours.ts';

const attack = createAttack({ dev: true, config: { subgraphs: { timeoutMs: 500 } } });

const send = { body: { query: '{ user(id: "1") { id } docs { id } }' } };
const partly = (code: string | readonly string[]) => ({
  status: 200,
  code,
  fetches: 2,
  data: { user: null, docs: [{ id: 'd1' }] },
});
const whole = { status: 200, fetches: 2, data: { user: { id: '1' }, docs: [{ id: 'd1' }] } };
const good = { data: { user: { id: '1' } } };

for (const [what, misbehaviour] of [
  ['says nothing', silent],
  ['stops after its headers', silentAfterHeaders],
  ['sends a byte now and then', trickling],
] as const) {
  attack('B-03', `a subgraph that ${what} is given up when its time is over`, {
    subgraphs: { users: misbehaviour },
    send,
    expect: partly('SUBGRAPH_TIMEOUT'),
  });
}

for (const [what, misbehaviour] of [
  ['resets the connection', resetting],
  ['breaks off in the middle', breakingOff],
] as const) {
  attack('B-04', `a subgraph that ${what} is unavailable, the others are not`, {
    subgraphs: { users: misbehaviour },
    send,
    expect: partly('SUBGRAPH_UNAVAILABLE'),
  });
}

describe('with a subgraph whose port is closed', () => {
  const attackWithout = createAttack({ dev: true });
  attackWithout('B-04', 'its part fails within 50 ms, the others are there', {
    send: async (world) => {
      await world.subgraph('users').close();
      return send;
    },
    expect: { ...partly('SUBGRAPH_UNAVAILABLE'), fetches: 1 },
    also: async (_answer, world) => {
      const durationsMs = [];
      for (let round = 0; round < 5; round += 1) {
        const startedAt = performance.now();
        await world.ask(send);
        durationsMs.push(performance.now() - startedAt);
      }
      expect(Math.min(...durationsMs)).toBeLessThan(50);
    },
  });
});

for (const [what, body] of [
  ['HTML', '<html>It works!</html>'],
  ['half of its JSON', '{"data":{"user":'],
  ['an array', '[]'],
  ['a string', '"data"'],
  ['a number', '1'],
  ['null', 'null'],
  ['nothing', ''],
  ['an empty object', '{}'],
  ['a list as data', '{"data":[]}'],
  ['no data and no error', '{"data":null}'],
  ['an empty list of errors', '{"errors":[]}'],
  ['errors that are no list', '{"data":null,"errors":{"message":"no"}}'],
] as const) {
  attack('B-09', `a subgraph that answers ${what} has given no answer`, {
    subgraphs: { users: answering(body) },
    send,
    expect: partly('SUBGRAPH_BAD_RESPONSE'),
  });
}

attack('B-09', 'a subgraph that answers 204 has given no answer', {
  subgraphs: {
    users: (_request, response) => {
      response.writeHead(204);
      response.end();
    },
  },
  send,
  expect: partly('SUBGRAPH_BAD_RESPONSE'),
});

for (const [what, misbehaviour, code] of [
  ['60 MB', streaming(60_000_000), 'SUBGRAPH_RESPONSE_TOO_LARGE'],
  ['without end', streaming(Number.POSITIVE_INFINITY), 'SUBGRAPH_RESPONSE_TOO_LARGE'],
  [
    'a compression bomb',
    answering(gzipSync(Buffer.alloc(60_000_000)), 200, { 'content-encoding': 'gzip' }),
    ['SUBGRAPH_RESPONSE_TOO_LARGE', 'SUBGRAPH_BAD_RESPONSE'],
  ],
] as const) {
  const before = { rss: 0 };
  attack('B-11', `a subgraph that answers ${what} costs less than 30 MB`, {
    subgraphs: { users: misbehaviour },
    send: () => {
      before.rss = process.memoryUsage.rss();
      return send;
    },
    expect: partly(code),
    also: () => expect(process.memoryUsage.rss() - before.rss).toBeLessThan(30 * 1024 * 1024),
  });
}

for (const status of [500, 502, 503, 504]) {
  attack('B-12', `a subgraph that answers ${status} without GraphQL is unavailable`, {
    subgraphs: { users: answering('<h1>Bad gateway at 10.0.0.7</h1>', status) },
    send,
    expect: partly('SUBGRAPH_UNAVAILABLE'),
  });

  attack('B-12', `a GraphQL answer under status ${status} is an answer`, {
    subgraphs: { users: answering(good, status) },
    send,
    expect: whole,
  });
}
