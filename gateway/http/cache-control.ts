/** Decides who may keep the answer to a GET and for how long, from what the subgraphs said of theirs. */
import type { Principal } from '../principal.ts';

export interface Freshness {
  /** Told of each answer of a subgraph. */
  note(cacheControl: string | undefined): void;
  /**
   * The `Cache-Control` of an answer without errors: to a guest what the subgraphs agree on; to a user nothing. A
   * registered operation may let the device of the one who asked keep it for `maxAgeSeconds`, unless a subgraph says less.
   */
  toCacheControl(principal: Principal, maxAgeSeconds: number | undefined): string;
}

export function createFreshness(): Freshness {
  let shortest = Number.POSITIVE_INFINITY;
  let isPrivate = false;
  // An answer that came from no subgraph, or from one that says nothing, keeps for no time.
  let isSilent = false;
  return {
    note(cacheControl) {
      if (cacheControl === undefined) {
        isSilent = true;
        return;
      }
      const stated = parseCacheControl(cacheControl);
      shortest = Math.min(shortest, stated.maxAgeSeconds);
      isPrivate ||= stated.isPrivate;
    },
    toCacheControl(principal, maxAgeSeconds = 0) {
      const agreed = isSilent || shortest === Number.POSITIVE_INFINITY ? 0 : shortest;
      if (principal.kind === 'guest' && agreed > 0)
        return `${isPrivate ? 'private' : 'public'}, max-age=${agreed}`;
      const onDevice = Math.min(maxAgeSeconds, shortest);
      if (onDevice > 0) return `private, max-age=${onDevice}`;
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
