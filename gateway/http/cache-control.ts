/** Decides who may keep the answer to a GET and for how long, from what the subgraphs said of theirs. */
import type { Principal } from '../principal.ts';

export interface Freshness {
  /** Told of each answer of a subgraph. */
  note(cacheControl: string | undefined): void;
  /**
   * The `Cache-Control` of an answer without errors: to a guest what the subgraphs agree on, to a user nothing. Where
   * that is nothing, the device of the one who asked may keep it as long as the registered operation says: also
   * against a subgraph's `no-store`, which Apollo Server says wherever nobody has thought of caching.
   */
  toCacheControl(principal: Principal, maxAgeSeconds: number | undefined): string;
}

export function createFreshness(): Freshness {
  // An answer that came from no subgraph keeps for no time, as does one from a subgraph that says nothing.
  let shortest: number | undefined;
  let isPrivate = false;
  return {
    note(cacheControl) {
      const stated = parseCacheControl(cacheControl ?? '');
      shortest = Math.min(shortest ?? stated.maxAgeSeconds, stated.maxAgeSeconds);
      isPrivate ||= stated.isPrivate;
    },
    toCacheControl(principal, maxAgeSeconds) {
      if (principal.kind === 'guest' && shortest)
        return `${isPrivate ? 'private' : 'public'}, max-age=${shortest}`;
      if (maxAgeSeconds) return `private, max-age=${maxAgeSeconds}`;
      return principal.kind === 'guest' ? 'no-store' : 'private, no-store';
    },
  };
}

/** A header that cannot be read, or sets no age, keeps for no time. */
export function parseCacheControl(header: string): { maxAgeSeconds: number; isPrivate: boolean } {
  const directives = header
    .toLowerCase()
    .split(',', 20)
    .map((directive) => directive.trim());
  const ages = directives.filter((directive) => directive.startsWith('max-age='));
  const [, seconds] = /^max-age="?(\d{1,9})"?$/.exec(ages.length === 1 ? `${ages[0]}` : '') ?? [];
  const mayKeep = !directives.some((directive) => /^no-(store|cache)\b/.test(directive));
  return {
    maxAgeSeconds: mayKeep ? Number(seconds ?? 0) : 0,
    isPrivate: directives.some((directive) => /^private\b/.test(directive)),
  };
}
