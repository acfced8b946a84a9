/** Holds which part may import which: the arrows of the house point one way. */
import { expect, test } from 'vitest';
import { type Import, importsOf, listSourceFiles } from './source-files.ts';

const imports = listSourceFiles().flatMap(importsOf);
const inside = (folder: string) => (path: string) => path.startsWith(`${folder}/`);
const show = ({ from, to }: Import): string => `${from} → ${to}`;

test.each(['client', 'subgraphs', 'wechat-simulator', 'registry/cli'])(
  '%s imports nothing from the gateway',
  (folder) => {
    expect(imports.filter(({ from, to }) => inside(folder)(from) && inside('gateway')(to)).map(show)).toEqual(
      [],
    );
  },
);

test('the registry imports from the gateway what plans and prices operations, and what makes a program of it', () => {
  const program =
    /^gateway\/(http\/listen|end-on-signal|startup-error|load-yaml|persisted\/safelist|supergraph\/introspection-source)\.ts$/;
  const importers = imports.filter(
    ({ from, to }) =>
      inside('registry')(from) &&
      inside('gateway')(to) &&
      !/^registry\/(bundle|check)\//.test(from) &&
      !program.test(to),
  );
  expect(importers.map(show)).toEqual([]);
});

test('the client imports nothing from the rest of the project', () => {
  const outward = imports.filter(
    ({ from, to }) =>
      inside('client')(from) && /^(registry|subgraphs|wechat-simulator|deploy|test)\//.test(to),
  );
  expect(outward.map(show)).toEqual([]);
});

test('a stage of the gateway imports no other stage but the reader of supergraphs', () => {
  const stage = (path: string): string | undefined => /^gateway\/([^/]+)\//.exec(path)?.[1];
  const crossings = imports.filter(({ from, to, typeOnly }) => {
    const [own, other] = [stage(from), stage(to)];
    return !typeOnly && own && other && own !== other && other !== 'supergraph';
  });
  expect(crossings.map(show)).toEqual([]);
});

test('nothing outside tests imports from tests', () => {
  const borrowed = imports.filter(({ from, to }) => inside('test')(to) && !/^(test|deploy)\//.test(from));
  expect(borrowed.map(show)).toEqual([]);
});

test.each([
  ['@apollo/gateway', 'gateway/execution/apollo-engine.ts'],
  ['@escape.tech/graphql-armor', 'gateway/operation/armor.ts'],
  ['ioredis', 'gateway/store/redis.ts'],
  ['jose', 'gateway/identity/jwt.ts'],
  ['pino', 'gateway/telemetry/log.ts'],
  ['prom-client', 'gateway/telemetry/metrics.ts'],
  ['yaml', 'gateway/load-yaml.ts'],
])('the gateway imports %s in one file', (engine, file) => {
  const importers = imports.filter(
    ({ from, to, typeOnly }) => inside('gateway')(from) && to === engine && !typeOnly,
  );
  expect(importers.map(({ from }) => from)).toEqual([file]);
});

test('the gateway loads graphql-shield in one file', () => {
  const users = listSourceFiles().filter(
    ({ path, text }) => inside('gateway')(path) && /require\('graphql-shield'\)/.test(text),
  );
  expect(users.map(({ path }) => path)).toEqual(['gateway/access/shield.ts']);
});
