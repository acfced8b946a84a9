/** A request is begun by the roles that the gateway remembers, and answered by those that the store says meanwhile. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { AttackWorld } from '../support/attack-world.ts';
import {
  type GatewayNodes,
  logIn,
  refresh,
  startGatewayNodes,
  type Tokens,
} from '../support/gateway-nodes.ts';
import { answering } from '../support/misbehaviours.ts';
import { describeWith } from '../support/services.ts';

const asks = {
  query: { send: '{ admin { id } }', data: { admin: { id: 'a1' } } },
  mutation: { send: 'mutation { wipe }', data: { wipe: true } },
};
const denied = { status: 403, code: 'FORBIDDEN', fetches: 0, logged: ['FORBIDDEN'] };
const ran = (data: object) => ({ status: 200, data, fetches: 1, logged: [] });

describeWith('redis', 'two gateways on one Redis', (redisUrl) => {
  let group: GatewayNodes;
  let here: AttackWorld;
  let there: AttackWorld;
  beforeAll(async () => {
    // With nothing believed for a while, each request asks what the store says.
    group = await startGatewayNodes(2, { redisUrl, session: { recheckMs: 0 } });
    [here, there] = group.nodes as [AttackWorld, AttackWorld];
  });
  afterAll(() => group?.close());

  /** The user service has other roles for the person when the other gateway refreshes the session. */
  async function refreshThere(userId: string, roles: readonly string[], tokens: Tokens): Promise<void> {
    const users = there.subgraph('users');
    users.misbehave(answering({ data: { registerWechatIdentity: { userId, roles } } }));
    expect((await refresh(there, tokens.refreshToken)).status).toBe(200);
    users.misbehave(undefined);
  }

  async function askHere({ accessToken }: Tokens, query: string): Promise<object> {
    const fetches = here.fetches();
    const requestId = randomUUID();
    const headers = { authorization: `Bearer ${accessToken}`, 'x-request-id': requestId };
    const { status, json } = await here.ask({ body: { query }, headers });
    const code = json?.errors?.[0]?.extensions?.code;
    const line = await vi.waitUntil(
      () => here.gateway.log().find((each) => each.msg === 'operation' && each.requestId === requestId),
      { timeout: 20_000 },
    );
    return {
      ...{ status, ...(code ? { code } : { data: json?.data }), fetches: here.fetches() - fetches },
      logged: line.codes,
    };
  }

  test.each(['query', 'mutation'] as const)(
    'a role that is gained counts for a %s at once, which runs once',
    async (kind) => {
      const [userId, { send, data }] = [`o-gains-${kind}`, asks[kind]];
      const tokens = await logIn(here, userId);
      expect(await askHere(tokens, send)).toEqual(denied);
      await refreshThere(userId, ['ADMIN'], tokens);
      expect(await askHere(tokens, send)).toEqual(ran(data));
    },
  );

  test.each(['query', 'mutation'] as const)(
    'a role that is lost counts for no %s any more, and nothing is sent for it',
    async (kind) => {
      const { send, data } = asks[kind];
      const tokens = await logIn(here, 'o-sim-admin');
      expect(await askHere(tokens, send)).toEqual(ran(data));
      await refreshThere('o-sim-admin', ['USER'], tokens);
      expect(await askHere(tokens, send)).toEqual(denied);
    },
  );
});
