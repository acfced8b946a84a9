/** Changes an attack at random: bytes, pieces, and pieces of another. */
import type { Random } from '../../../bench/random.ts';
import type { RequestParts } from './attack-corpus.ts';

export const maxBytes = 262_144;

const tokens = [
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '"',
  '\\',
  ':',
  ',',
  '$',
  '@',
  '!',
  '...',
  '#',
  '"""',
  'null',
  '-0',
  '1e400',
  '\\u0000',
  '\\ud800',
  'é',
  '__typename',
  '__schema{types{name}}',
  ' on User',
  'fragment F0 on User{id}',
] as const; // prettier-ignore

type Mutation = (text: string, random: Random, other: string) => string;

const cut = (text: string, random: Random): [number, number] => {
  const start = random.below(text.length + 1);
  return [start, Math.min(text.length, start + 1 + random.below(1 + random.below(4_000)))];
};

const mutations: readonly Mutation[] = [
  (text, random) => {
    const [start] = cut(text, random);
    return text.slice(0, start) + random.pick(tokens) + text.slice(start);
  },
  (text, random) => {
    const [start, end] = cut(text, random);
    return text.slice(0, start) + text.slice(end);
  },
  (text, random) => {
    const [start, end] = cut(text, random);
    const space = Math.max(0, maxBytes - text.length);
    const piece = text.slice(start, end);
    const count = Math.min(1 + random.below(5_000), Math.floor(space / Math.max(1, piece.length)));
    return text.slice(0, end) + piece.repeat(count) + text.slice(end);
  },
  (text, random, other) => {
    const [start, end] = cut(other, random);
    const [at] = cut(text, random);
    return text.slice(0, at) + other.slice(start, end) + text.slice(at);
  },
  (text, random) => {
    const [at] = cut(text, random);
    return text.slice(0, at) + String.fromCharCode(random.below(128)) + text.slice(at + 1);
  },
];

/** @param other what pieces may be taken from */
export function mutateRequest(request: RequestParts, random: Random, other: RequestParts): RequestParts {
  let { body } = request;
  for (let left = random.below(4); left > 0; left -= 1)
    body = random.pick(mutations)(body, random, other.body);
  return { headers: random.chance(0.2) ? { ...request.headers, ...other.headers } : request.headers, body };
}
