/** Reads the Accept header: which of the two types an answer has, and whether the client knows only the older one. */

export type MediaType = 'application/json' | 'application/graphql-response+json';

const json = 'application/json';
const graphqlResponse = 'application/graphql-response+json';

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

/**
 * Of the ranges that match a type the most specific decides; of the types the client's favourite is taken, of two equal
 * ones that which it names more exactly, or first.
 *
 * @returns JSON without the header; `undefined` when the client takes neither
 */
export function chooseMediaType(accept: string | undefined): MediaType | undefined {
  if (accept === undefined || accept === '*/*' || !accept.trim()) return json;
  const ranges = parseRanges(accept);
  const [first, second] = [json, graphqlResponse].map((type) => rank(type, ranges));
  if (!first || !second) return first ? json : second ? graphqlResponse : undefined;
  const order =
    second.quality - first.quality || first.unspecific - second.unspecific || first.at - second.at;
  return order > 0 ? graphqlResponse : json;
}

/** Clients from before the GraphQL type take a status other than 200 for a failure of the network. */
export function isLegacyAccept(accept: string | undefined): boolean {
  const types = accept === undefined ? [] : parseRanges(accept).map(({ type }) => type);
  return types.includes(json) && !types.includes(graphqlResponse);
}

function rank(
  type: string,
  ranges: readonly MediaRange[],
): { quality: number; unspecific: number; at: number } | undefined {
  for (const [unspecific, wanted] of [type, 'application/*', '*/*'].entries()) {
    const at = ranges.findIndex((range) => range.type === wanted);
    const quality = ranges[at]?.quality;
    if (quality !== undefined) return quality > 0 ? { quality, unspecific, at } : undefined;
  }
  return undefined;
}

/** More are not looked at: no client has so many, and thousands of empty ones would hold the process for 20 ms and more. */
const maxRanges = 100;

function parseRanges(accept: string): MediaRange[] {
  return accept.split(',', maxRanges).flatMap((text) => parseRange(text) ?? []);
}

/** `undefined` for a range with parameters that our answers do not have. */
function parseRange(text: string): MediaRange | undefined {
  const [type = '', ...parameters] = text.split(';', maxRanges).map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  const others = parameters.filter((parameter) => parameter !== quality);
  if (others.some((parameter) => !/^charset="?utf-8"?$/.test(parameter))) return undefined;
  return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
}
