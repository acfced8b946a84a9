/** Spoils an answer of a subgraph in one of the many ways in which a broken or hostile one might. */
import type { Random } from '../../../bench/random.ts';

/** In everything that is put into an answer where nothing was asked; no client may ever see it. */
export const intruder = 'intruder';

/** Changes one to three things. */
export function mutateAnswer(body: string, random: Random): string | Buffer {
  if (random.chance(0.15)) return random.pick(wholeBodies)(body, random);
  const answer: unknown = JSON.parse(body);
  const root = { answer };
  for (let count = 1 + random.below(3); count > 0; count--) {
    const place = random.pick(placesIn(root, random));
    random.pick(changes)(place, random);
  }
  return writeText(JSON.stringify(root.answer) ?? '');
}

/** Where a value stands: `parent[key]`. */
interface Place {
  readonly parent: Record<string, unknown>;
  readonly key: string;
}

type Change = (place: Place, random: Random) => void;

/** All places, or all within `data`, where most of the interesting ones are. */
function placesIn(root: { answer: unknown }, random: Random): Place[] {
  const places: Place[] = [];
  const visit = (parent: object, key: string): void => {
    places.push({ parent: parent as Place['parent'], key });
    const value: unknown = (parent as Place['parent'])[key];
    if (typeof value === 'object' && value !== null) {
      for (const inner of Object.keys(value)) visit(value, inner);
    }
  };
  visit(root, 'answer');
  const inside = places.filter(({ parent }) => parent !== root && parent !== root.answer);
  return inside.length > 0 && random.chance(0.8) ? inside : places;
}

const names = ['__proto__', 'constructor', 'prototype', 'toString', 'data', 'errors', 'id', intruder];
const typenames = [
  'User',
  'Book',
  'Gadget',
  'Product',
  'Query',
  'Nothing',
  '__proto__',
  'constructor',
  '',
  null,
  7,
];

/** Values of every type, each of which is wrong almost everywhere. */
const values: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  -(2 ** 31) - 1,
  1e308,
  '',
  'text',
  '\u0000\ud800',
  'long '.repeat(20_000),
  [],
  {},
  [[]],
  [null],
  [{}],
  { id: 'u1' },
  { length: 3, 0: 'zero' },
  { toString: null, valueOf: 7, toJSON: 'serialized' },
  { path: ['users', 0], message: 'text', extensions: { code: 'FORBIDDEN' } },
  'DEEP LIST',
  'DEEP OBJECT',
  'HUGE NUMBER',
];

const changes: readonly Change[] = [
  ({ parent, key }, random) => setOwn(parent, key, structuredClone(random.pick(values))),
  ({ parent, key }, random) => setOwn(parent, key, structuredClone(random.pick(values))),
  ({ parent, key }) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  },
  ({ parent, key }) => setOwn(parent, key, [parent[key]]),
  ({ parent, key }) => setOwn(parent, key, Object.assign({}, parent[key])),
  addKey,
  addKey,
  changeTypename,
  changeTypename,
  resizeList,
  resizeList,
  addErrors,
];

function addKey({ parent, key }: Place, random: Random): void {
  const value = parent[key];
  const target = typeof value === 'object' && value !== null ? value : parent;
  const name = random.pick(names);
  // A list takes no names, and what is asked for anyway may come in this way too.
  if (Array.isArray(target) || Object.hasOwn(target, name)) return;
  setOwn(target, name, random.pick([intruder, { [intruder]: intruder }, [intruder], { polluted: intruder }]));
}

function changeTypename({ parent, key }: Place, random: Random): void {
  const value = parent[key];
  const target = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : parent;
  if (Object.hasOwn(target, '__typename')) setOwn(target, '__typename', random.pick(typenames));
}

function resizeList({ parent, key }: Place, random: Random): void {
  const list = [parent[key], parent].find(Array.isArray);
  if (!list || list.length === 0) return;
  const item: unknown = structuredClone(list[0]);
  random.pick([
    () => list.push(item),
    () => list.pop(),
    () => list.reverse(),
    () => list.splice(0),
    () => list.push(...Array.from({ length: 2_000 }, () => item)),
  ])();
}

function addErrors({ parent }: Place, random: Random): void {
  const target = Object.hasOwn(parent, 'data') ? parent : undefined;
  if (target) setOwn(target, 'errors', structuredClone(random.pick(errorLists)));
}

const errorLists: readonly unknown[] = [
  Array.from({ length: 2_000 }, () => ({ message: 'm'.repeat(500), path: ['users'] })),
  [{ message: 7, path: [-1, 1e9, {}, null, '__proto__'], locations: [{ line: -1, column: 'x' }] }],
  [{ message: 'at Object.<anonymous> (/srv/app/users.js:7:1)', extensions: { code: intruder } }],
  [{ message: 'connect ECONNREFUSED 10.0.0.7:4001', extensions: { code: 'FORBIDDEN ' } }],
  [{ message: 'http://users.internal:4001/graphql', path: ['_entities', 0, '__proto__', 'polluted'] }],
  [{ path: ['_entities', 0] }, null, 'text', 7, []],
  [{ message: 'constructor', path: ['constructor', 'prototype'], extensions: [] }],
  { length: 1 },
  [],
];

/** As JSON does: a property of its own, whatever its name means. */
function setOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** What JSON.stringify cannot write. */
function writeText(json: string): string {
  return json
    .replaceAll('"DEEP LIST"', `${'['.repeat(5_000)}${']'.repeat(5_000)}`)
    .replaceAll('"DEEP OBJECT"', `${'{"id":'.repeat(5_000)}7${'}'.repeat(5_000)}`)
    .replaceAll('"HUGE NUMBER"', `1${'0'.repeat(400)}`);
}

const wholeBodies: readonly ((body: string, random: Random) => string | Buffer)[] = [
  (body, random) => body.slice(0, random.below(body.length)),
  (body) => `${body}${body}`,
  (body) => `\ufeff${body}`,
  (body) => `{"data":{"${intruder}":"${intruder}"},${body.slice(1)}`,
  (body) => `${body.slice(0, -1)},"data":{"${intruder}":"${intruder}"}}`,
  (body) => `[${body}]`,
  (body) => JSON.stringify(body),
  (body) => Buffer.from(body, 'utf16le'),
  (body) => Buffer.concat([Buffer.from(body.slice(0, -2)), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
  () => '',
  () => 'null',
  () => '{}',
  () => '{"data":null}',
  () => '{"errors":[]}',
  () => '{"data":[],"errors":{}}',
  () => '{"data":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}',
  () => '<html><body>502 Bad Gateway at 10.0.0.7</body></html>',
];
