import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { createSessionTokens } from '../../../gateway/identity/session-token.ts';

const claims = { userId: 'anna', sessionId: 's' };
const createKey = () => generateKeyPairSync('ed25519').privateKey;
const [first, second] = [createKey(), createKey()] as const;

function startTokens(privateKeys: readonly KeyObject[]) {
  const clock = { ms: 1_800_000_000_000 };
  return {
    clock,
    tokens: createSessionTokens({ privateKeys, lifetimeSeconds: 900, now: () => clock.ms }),
  };
}

describe('access tokens', () => {
  test('hold until 30 seconds after their end, remembered or not', async () => {
    const { clock, tokens } = startTokens([first]);
    const issued = await (await tokens).issue(claims);
    expect(await (await tokens).verify(issued)).toMatchObject(claims);
    clock.ms += 929_000;
    expect(await (await tokens).verify(issued)).toMatchObject(claims);
    clock.ms += 1_000;
    expect(await (await tokens).verify(issued)).toBeUndefined();
    clock.ms -= 990_000;
    expect(await (await tokens).verify(issued)).toBeUndefined();
  });

  test('signed by an older key hold as long as that key is listed', async () => {
    const issued = await (await startTokens([first]).tokens).issue(claims);
    expect(await (await startTokens([second, first]).tokens).verify(issued)).toMatchObject(claims);
    expect(await (await startTokens([second]).tokens).verify(issued)).toBeUndefined();
  });

  test('are verified by others through the key set, which holds public keys alone', async () => {
    const both = await startTokens([second, first]).tokens;
    for (const key of [first, second]) {
      const issued = await (await startTokens([key]).tokens).issue(claims);
      const { payload } = await jwtVerify(issued, createLocalJWKSet({ keys: [...both.keySet.keys] }), {
        ...{ issuer: 'minigate', audience: 'minigate', typ: 'at+jwt', algorithms: ['EdDSA'] },
        currentDate: new Date(1_800_000_000_000),
      });
      expect(payload).toMatchObject({ sub: 'anna', sid: 's' });
    }
    expect(both.keySet.keys.map((key) => Object.keys(key).sort())).toEqual(
      Array(2).fill(['alg', 'crv', 'kid', 'kty', 'use', 'x']),
    );
  });
});
