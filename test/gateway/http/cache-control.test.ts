import { expect, test } from 'vitest';
import { createFreshness, parseCacheControl } from '../../../gateway/http/cache-control.ts';
import { guest, type Principal } from '../../../gateway/principal.ts';

const user = { kind: 'user' } as Principal;

test.each([
  ['max-age=60', 60, false],
  ['public, max-age=60', 60, false],
  ['Private , MAX-AGE=60', 60, true],
  ['private="set-cookie", max-age="60"', 60, true],
  ['s-maxage=600, max-age=60', 60, false],
  ['max-age=60, no-cache', 0, false],
  ['no-store', 0, false],
  ['max-age=60, max-age=600', 0, false],
  ['max-age=-1', 0, false],
  ['max-age=1e9', 0, false],
  ['max-age=99999999999', 0, false],
  ['', 0, false],
])('%j keeps for %i seconds', (header, maxAgeSeconds, isPrivate) => {
  expect(parseCacheControl(header)).toEqual({ maxAgeSeconds, isPrivate });
});

test.each<[string, (string | undefined)[], Principal, number | undefined, string]>([
  ['the shortest age', ['max-age=60', 'public, max-age=30'], guest, undefined, 'public, max-age=30'],
  [
    'private where one says so',
    ['max-age=60', 'private, max-age=90'],
    guest,
    undefined,
    'private, max-age=60',
  ],
  ['nothing where one is silent', ['max-age=60', undefined], guest, undefined, 'no-store'],
  ['nothing where nobody was asked', [], guest, undefined, 'no-store'],
  ['nothing where one forbids it', ['max-age=60', 'no-store'], guest, undefined, 'no-store'],
  ['nothing of a user', ['public, max-age=3600'], user, undefined, 'private, no-store'],
  ['what the operation allows a device', [undefined], user, 60, 'private, max-age=60'],
  ['that, whatever subgraphs say', ['public, max-age=30', 'no-store'], user, 60, 'private, max-age=60'],
  ['that, also by the device of a guest', ['no-store'], guest, 60, 'private, max-age=60'],
  ['what subgraphs agree on for all, before that', ['max-age=300'], guest, 60, 'public, max-age=300'],
])('%s may be kept', (_what, headers, principal, maxAgeSeconds, expected) => {
  const freshness = createFreshness();
  for (const header of headers) freshness.note(header);
  expect(freshness.toCacheControl(principal, maxAgeSeconds)).toBe(expected);
});
