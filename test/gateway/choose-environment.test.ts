import { describe, expect, test } from 'vitest';
import { createChooseName } from '../../gateway/choose-environment.ts';
import { parseConfig } from '../../gateway/config.ts';
import type { RequestError } from '../../gateway/errors.ts';

const own = { name: 'release', hosts: ['api.example.com'], envVersions: ['release'] };
const dev = { name: 'dev', hosts: ['dev.example.com'], envVersions: ['develop'] };
const trial = { name: 'trial', envVersions: ['trial'] };
const registry = {
  ...{ registry: 'http://127.0.0.1:9', policy: 'any' },
  bundles: { token: 'any', publicKeys: ['any'] },
};

/** The name of the environment, or the code of the refusal. */
function choose(environments: object[], headers: object): string {
  const settings = parseConfig({ ...registry, environments }).environments;
  try {
    return createChooseName(settings)(headers as never);
  } catch (error) {
    return (error as RequestError).code;
  }
}

const refused = 'ENVIRONMENT_NOT_SERVED';

describe('with a default', () => {
  const environments = [{ ...own, default: true }, dev, trial];
  test.each([
    ['a listed host decides', { host: 'dev.example.com' }, 'dev'],
    ['with a port, in whatever case', { host: 'Dev.Example.com:8443' }, 'dev'],
    ['another host is for the default', { host: '10.0.0.7:4000' }, 'release'],
    ['no host is for the default', {}, 'release'],
    ['on another host the header decides', { host: '10.0.0.7', 'minigate-env': 'trial' }, 'trial'],
    ['the header may say what the host does', { host: 'dev.example.com', 'minigate-env': 'develop' }, 'dev'],
    ['a header that is not listed never falls to the default', { 'minigate-env': 'staging' }, refused],
    ['nor one that is the name of an environment', { 'minigate-env': 'dev' }, refused],
    ['nor an empty one', { 'minigate-env': '' }, refused],
    ['nor two of them', { 'minigate-env': 'release, develop' }, refused],
    ['nor one in another case', { 'minigate-env': 'Develop' }, refused],
    [
      'a header does not lead from a host elsewhere',
      { host: 'api.example.com', 'minigate-env': 'develop' },
      refused,
    ],
    [
      'nor does X-Forwarded-Host',
      { host: 'api.example.com', 'x-forwarded-host': 'dev.example.com' },
      'release',
    ],
  ])('%s', (_title, headers, expected) => {
    expect(choose(environments, headers)).toBe(expected);
  });
});

test.each([
  ['a host that is not listed is refused', { host: '10.0.0.7' }, refused],
  ['a listed one is not', { host: 'api.example.com' }, 'release'],
  ['nor one with a listed header', { host: '10.0.0.7', 'minigate-env': 'develop' }, 'dev'],
])('without a default %s', (_title, headers, expected) => {
  expect(choose([own, dev], headers)).toBe(expected);
});

test('where no environment lists headers, what clients send of them means nothing', () => {
  const byHost = [
    { name: 'release', hosts: ['api.example.com'] },
    { name: 'dev', hosts: ['dev.example.com'] },
  ];
  expect(choose(byHost, { host: 'api.example.com', 'minigate-env': 'develop' })).toBe('release');
});

test.each([
  [
    'a host of two',
    [own, { ...dev, hosts: own.hosts }],
    'environments.1.hosts: api.example.com is that of another',
  ],
  [
    'a header of two',
    [own, { ...dev, envVersions: ['release'] }],
    'environments.1.envVersions: release is that of',
  ],
  ['one name twice', [own, { ...dev, name: 'release' }], 'environments.1.name: release is that of another'],
  [
    'two defaults',
    [
      { ...own, default: true },
      { ...dev, default: true },
    ],
    'environments.1.default: default is that of',
  ],
  [
    'one copy for two',
    [
      { ...own, copyFile: 'a' },
      { ...dev, copyFile: 'a' },
    ],
    'environments.1.copyFile: a is that of',
  ],
  ['one that no request is for', [own, { name: 'dev' }], 'environments.1.hosts: needed, or envVersions'],
  [
    'a host with a port',
    [{ ...own, hosts: ['a.example.com:443'] }],
    'must be a host in lower case, without port',
  ],
])('%s stops the start', (_title, environments, problem) => {
  expect(() => parseConfig({ ...registry, environments })).toThrow(problem);
});

test('each environment may have a token of its own, and then the gateway needs none', () => {
  const withTokens = [
    { ...own, token: 'a' },
    { ...dev, tokenFile: 'b' },
  ];
  const bundles = { publicKeys: ['any'] };
  expect(parseConfig({ ...registry, bundles, environments: withTokens }).environments).toHaveLength(2);
  expect(() => parseConfig({ ...registry, bundles, environments: [withTokens[0], dev] })).toThrow(
    'bundles.token: needed with --registry',
  );
  expect(() => parseConfig({ supergraph: 'a', policy: 'b', environments: withTokens })).toThrow(
    'environments: needs --registry',
  );
});
