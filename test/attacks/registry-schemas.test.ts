import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findRequiresLeaks } from '../../registry/check/access-problems.ts';
import { composeSubgraphs } from '../../registry/compose.ts';
import { link, notes, people, type RegistryWorld, startRegistryWorld } from '../registry/registry-world.ts';

// Each check is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

let world: RegistryWorld;
let peopleTeam: string;
let notesTeam: string;
beforeAll(async () => {
  world = await startRegistryWorld();
  peopleTeam = await world.token('owner', ['people']);
  notesTeam = await world.token('owner', ['notes']);
  await world.publish(peopleTeam, 'people', people);
  await world.publish(notesTeam, 'notes', notes);
});
afterAll(() => world.close());

const sequence = async (): Promise<number> =>
  (await world.call(peopleTeam, 'GET', '/v1/environments/dev/subgraphs')).body.data.sequence;

/** What publishing is refused by, after which the environment is as it was and the registry answers. */
async function refusal(subgraph: string, sdl: string, token = notesTeam): Promise<string> {
  const before = await sequence();
  const { status, body } = await world.publish(token, subgraph, sdl);
  expect([status, await sequence()]).toEqual([422, before]);
  const [problem] = body.error.report?.problems ?? [];
  return problem ? `${problem.code} ${problem.approval?.subject ?? ''}`.trim() : body.error.code;
}

describe('P-02 what another team owns', () => {
  const taking = (person: string, query = '') => `${link}
type Query { notes: [Note!]! ${query} }
type Note { id: ID! text: String! author: Person! }
type Person @key(fields: "id") { id: ID! notes: [Note!]! ${person} }`;

  test.each([
    ['is not taken over', taking('name: String! @override(from: "people")'), 'override Person.name by notes'],
    [
      'is not hidden',
      notes.replace('@key(fields: "id")', '@key(fields: "id") @inaccessible'),
      'inaccessible Person by notes',
    ],
    [
      'is not tagged',
      notes.replace('@key(fields: "id")', '@key(fields: "id") @tag(name: "x")'),
      'tag Person by notes',
    ],
    [
      'is not taken over at the root',
      taking('', 'me: Person @override(from: "people")'),
      'override Query.me by notes',
    ],
  ])('P-02 %s', async (_title, sdl, subject) => {
    expect(await refusal('notes', sdl)).toBe(`APPROVAL_NEEDED ${subject}`);
  });

  test('P-02 is not copied, even where it is shareable', async () => {
    const shareable = people.replace('name: String!', 'name: String! @shareable');
    await world.publish(peopleTeam, 'people', shareable);
    expect(await refusal('notes', taking('name: String! @shareable'))).toBe(
      'APPROVAL_NEEDED share Person.name by notes',
    );
  });

  test('P-02 is not made an interface object of', async () => {
    const sdl = `${link}
type Query { notes: [Note!]! } type Note { id: ID! text: String! author: Person! }
type Person @key(fields: "id") { id: ID! notes: [Note!]! }
type Node @interfaceObject @key(fields: "id") { id: ID! seen: Int }`;
    await world.publish(
      peopleTeam,
      'people',
      people
        .replace('interface Node {', 'interface Node @key(fields: "id") {')
        .replace('type Person @key', 'type Person implements Node @key'),
    );
    expect(await refusal('notes', sdl)).toBe('APPROVAL_NEEDED interfaceObject Node by notes');
  });

  test('P-02 is, once one of its owners has approved', async () => {
    const approval = { subject: 'override Person.name by notes' };
    const own = await world.call(notesTeam, 'POST', '/v1/environments/dev/approvals', approval);
    const sdl = taking('name: String! @override(from: "people")');
    expect([own.status, await refusal('notes', sdl)]).toEqual([200, `APPROVAL_NEEDED ${approval.subject}`]);
    await world.call(peopleTeam, 'POST', '/v1/environments/dev/approvals', approval);
    const { status } = await world.publish(notesTeam, 'notes', sdl);
    expect(status).toBe(200);
  });
});

describe('P-04 bombs', () => {
  test.each([
    ['lists nested 100,000 deep', `type Query { a: ${'['.repeat(100_000)}Int${']'.repeat(100_000)} }`],
    [
      'a default value nested 10,000 deep',
      `type Query { a(x: Int = ${'['.repeat(10_000)}${']'.repeat(10_000)}): Int }`,
    ],
    [
      'a key nested 10,000 deep',
      `${link} type Query @key(fields: "${'a{'.repeat(10_000)}b${'}'.repeat(10_000)}") { a: Int }`,
    ],
    ['300,000 tokens', `type Query { ${'a: Int '.repeat(75_001)} }`],
    ['2 MB of commas', `type Query { a: Int } ${','.repeat(2_000_000)}`],
    [
      '3,000 tags at one field',
      `${link} type Query { a: Int ${Array.from({ length: 3_000 }, (_, n) => `@tag(name: "t${n}")`).join(' ')} }`,
    ],
  ])('P-04 a schema with %s is refused before it is composed', async (_title, sdl) => {
    const startedAt = performance.now();
    expect(await refusal('notes', sdl)).toBe('SCHEMA_TOO_LARGE');
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('P-05 circles', () => {
  test('P-05 fields that require each other across subgraphs are refused, and the process lives', async () => {
    const a = `${link} extend type Query { t: T } type T @key(fields: "id") { id: ID! a: Int @requires(fields: "b") b: Int @external }`;
    const b = `${link} type T @key(fields: "id") { id: ID! b: Int @requires(fields: "a") a: Int @external }`;
    const admin = await world.token('admin', ['*'], 'trial');
    const publish = (subgraph: string, sdl: string) =>
      world.call(admin, 'POST', `/v1/environments/trial/subgraphs/${subgraph}/publish`, {
        sdl,
        routingUrl: 'http://t.test',
      });
    await publish(
      'b',
      `${link} type Query { b: Int } type T @key(fields: "id") { id: ID! b: Int a: Int @external }`,
    );
    const first = await publish('a', a);
    const second = await publish('b', `type Query { b: Int } ${b}`);
    const { error } = first.status === 422 ? first.body : second.body;
    expect([error.code, error.report.problems[0].code]).toEqual(['CHECK_FAILED', 'COMPOSITION_FAILED']);
  });

  test.each([
    [
      'a key that contains itself',
      `${link} type Query { n: N } type N @key(fields: "n { n { n } }") { n: N! }`,
    ],
    [
      'a @provides of itself',
      `${link} type Query { n: N @provides(fields: "n { n { n } }") } type N @key(fields: "id") { id: ID! n: N @provides(fields: "n { id }") }`,
    ],
  ])('P-05 %s is refused as not composing', async (_title, sdl) => {
    expect(await refusal('notes', sdl)).toBe('COMPOSITION_FAILED');
  });
});

test('P-08 an address to introspect is no part of a publish, and nothing is fetched', async () => {
  const { status, body } = await world.call(
    notesTeam,
    'POST',
    '/v1/environments/dev/subgraphs/notes/publish',
    { subgraphUrl: 'http://169.254.169.254/latest', sdl: notes },
  );
  expect([status, body.error.code]).toEqual([400, 'BAD_REQUEST']);
});

describe('P-13 a field that reads a protected one', () => {
  const guarded = people.replace('email: String', 'email: String @requiresScopes(scopes: [["mail"]])');
  const reading = (directive: string) => `${link}
type Query { notes: [Note!]! }
type Note { id: ID! text: String! author: Person! }
type Person @key(fields: "id") { id: ID! email: String @external
  masked: String @requires(fields: "email") ${directive} }`;

  test('P-13 is refused without the same demand', async () => {
    await world.publish(peopleTeam, 'people', guarded, { force: true });
    expect(await refusal('notes', reading(''))).toBe('COMPOSITION_FAILED');
  });

  test('P-13 is published with it', async () => {
    const { status } = await world.publish(
      notesTeam,
      'notes',
      reading('@requiresScopes(scopes: [["mail"]])'),
      { force: true },
    );
    expect(status).toBe(200);
  });

  test('P-13 is refused at the end of a chain of two as well', async () => {
    const admin = await world.token('admin', ['*']);
    const sdl = `${link} type Person @key(fields: "id") { id: ID! masked: String @external twice: String @requires(fields: "masked") }`;
    expect(await refusal('third', sdl, admin)).toBe('COMPOSITION_FAILED');
  });
});

describe('P-14 security directives', () => {
  const own = (schema: string, use: string) => `${schema} type Query { secret: Int ${use} }`;
  test.each([
    [
      'from a look-alike address',
      own(
        'extend schema @link(url: "https://specs.apollo.dev.evil/authenticated/v0.1", import: ["@authenticated"])',
        '@authenticated',
      ),
    ],
    [
      'of an unknown specification of the same name',
      own('extend schema @link(url: "https://specs.example.com/requiresScopes/v1.0")', ''),
    ],
    ['defined by the team itself', own('directive @authenticated on FIELD_DEFINITION', '@authenticated')],
  ])('P-14 %s are refused', async (_title, sdl) => {
    const admin = await world.token('admin', ['*']);
    expect(await refusal('third', sdl, admin)).toBe('SECURITY_LINK');
  });

  test('P-14 under another name are understood', async () => {
    const admin = await world.token('admin', ['*']);
    const sdl = own(
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{ name: "@authenticated", as: "@login" }])',
      '@login',
    );
    await world.publish(admin, 'third', sdl);
    const { body } = await world.call(admin, 'GET', '/v1/environments/dev/supergraph');
    expect(body.data.supergraphSdl).toMatch(/secret: Int .*@(login|authenticated)/);
  });
});

describe('P-16 names', () => {
  test.each([['__proto__'], ['../x'], ['n'.repeat(10_240)], ['ノート'], ['a b'], ['constructor\u0000']])(
    'P-16 no subgraph is called %j',
    async (name) => {
      const { status, body } = await world.publish(notesTeam, name, 'type Query { a: Int }', {
        routingUrl: 'http://x.test',
      });
      expect([status, body.error.code]).toEqual([422, 'INVALID_NAME']);
    },
  );

  test('P-16 nor like another one in other letters', async () => {
    const admin = await world.token('admin', ['*']);
    expect(await refusal('NOTES', 'type Query { other: Int }', admin)).toBe('INVALID_NAME');
  });
});

test('P-13 what only the policy protects is not read by a field that it leaves open', () => {
  const { supergraphSdl } = composeSubgraphs([
    { name: 'people', routingUrl: 'http://p.test', sdl: people },
    {
      name: 'notes',
      routingUrl: 'http://n.test',
      sdl: `${link} type Person @key(fields: "id") { id: ID! email: String @external
        masked: String @requires(fields: "email") }`,
    },
  ]);
  const supergraph = parse(supergraphSdl);
  const leaks = findRequiresLeaks(supergraph, { 'mail:read': ['Person.email'] });
  expect(leaks.map(({ coordinate }) => coordinate)).toEqual(['Person.masked']);
  expect(findRequiresLeaks(supergraph, { 'mail:read': ['Person.*'] })).toEqual([]);
});

test('P-20 a schema that lost most of what it had needs force', async () => {
  const admin = await world.token('admin', ['*'], 'release');
  const large = `type Query { ${Array.from({ length: 40 }, (_, n) => `f${n}: Int`).join(' ')} }`;
  const publish = (sdl: string, force = false) =>
    world.call(admin, 'POST', '/v1/environments/release/subgraphs/only/publish', {
      ...{ sdl, force },
      routingUrl: 'http://only.test',
    });
  await publish(large);
  const { status, body } = await publish('type Query { f0: Int }');
  const codes = body.error.report.problems.map(({ code }: { code: string }) => code);
  expect([status, codes]).toEqual([422, ['CLIENTS_UNKNOWN', 'SHRINKS']]);
  expect((await publish('type Query { f0: Int }', true)).status).toBe(200);
});
