/** Parses schemas part by part: a large one at once would hold the thread for as long as it takes. */
import { type DefinitionNode, type DocumentNode, Kind, parse } from 'graphql';
import type { Pace } from './pace.ts';

/** The same as `parse` without locations. @throws GraphQLError as `parse` does */
export type ParseSchema = (sdl: string, pace: Pace) => Promise<DocumentNode>;

/** Takes over what the schema before had too: of the next version mostly little is new. */
export function createParseSchema(): ParseSchema {
  let known: ReadonlyMap<string, readonly DefinitionNode[]> = new Map();
  return async (sdl, pace) => {
    const parsed = new Map<string, readonly DefinitionNode[]>();
    const definitions: DefinitionNode[] = [];
    try {
      for (const part of toParts(sdl)) {
        const before = parsed.get(part) ?? known.get(part);
        const own = before ?? parse(toOwnText(part), { noLocation: true }).definitions;
        parsed.set(part, own);
        definitions.push(...own);
        if (!before) await pace();
      }
    } catch {
      // What is wrong is told of the whole, by its place in it.
      return parse(sdl, { noLocation: true });
    }
    known = parsed;
    return { kind: Kind.DOCUMENT, definitions };
  };
}

/** A part of a string keeps the whole of it alive, and so would every name that the parser takes from it. */
function toOwnText(part: string): string {
  return Buffer.from(part).toString();
}

/** Ends parts at blank lines, as between definitions, but not at those of a description. */
function* toParts(sdl: string): Generator<string> {
  let from = 0;
  let inDescription = false;
  for (const { 0: mark, index } of sdl.matchAll(/\\"""|"""|\n\n(?=\S)/g)) {
    if (mark === '"""') inDescription = !inDescription;
    if (mark !== '\n\n' || inDescription) continue;
    if (index > from) yield sdl.slice(from, index);
    from = index + mark.length;
  }
  yield sdl.slice(from);
}
