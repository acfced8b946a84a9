/** Tells by the Accept header whether a client takes what every answer is, so that nothing is run in vain. */

const offered = ['application/json', 'application/graphql-response+json'];

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

/** Without the header, or with an empty one, anything is taken. Of the ranges that match a type the most specific decides. */
export function acceptsJson(accept: string | undefined): boolean {
  if (!accept?.trim()) return true;
  const ranges = accept.split(',').flatMap((text) => parseRange(text) ?? []);
  return offered.some((type) => {
    const deciding = [type, 'application/*', '*/*'].flatMap((wanted) =>
      ranges.filter((range) => range.type === wanted),
    );
    return (deciding[0]?.quality ?? 0) > 0;
  });
}

/** `undefined` for a range with parameters that our answers do not have. */
function parseRange(text: string): MediaRange | undefined {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  const others = parameters.filter((parameter) => parameter !== quality);
  if (others.some((parameter) => !/^charset="?utf-8"?$/.test(parameter))) return undefined;
  return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
}
