/**
 * Reads a pushed message, JSON or XML, into its fields.
 *
 * The XML is read by hand: WeChat sends elements and CDATA, never attributes, declarations or entities of its own, and
 * what is not understood cannot be attacked.
 */

/** Fields of the message itself; what is nested in them is left out. */
export type PushFields = Readonly<Record<string, string>>;

/** @throws SyntaxError */
export function parsePushFields(text: string): PushFields {
  return text.trimStart().startsWith('<') ? parseXml(text) : parseJson(text);
}

function parseJson(text: string): PushFields {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('no object');
  const scalars = Object.entries(value).filter(
    ([, each]) => typeof each === 'string' || typeof each === 'number',
  );
  // WeChat's own example has names and values with a blank before them.
  return toFields(scalars.map(([name, each]) => [name.trim(), String(each).trim()]));
}

const token = /<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)\s*([A-Za-z_][\w.-]{0,63})\s*(\/?)>|([^<]+)/y;
const predefined: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function parseXml(text: string): PushFields {
  const fields: [string, string][] = [];
  const open: string[] = [];
  let value = '';
  let isNested = false;
  const source = text.trim();
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const found = token.exec(source);
    if (!found) throw new SyntaxError('not the XML that WeChat sends');
    const [, literal, closing, name, empty, plain] = found;
    if (name === undefined) {
      value += literal ?? decodeText(plain ?? '');
      if (open.length === 0) throw new SyntaxError('text outside the message');
      continue;
    }
    if (closing) {
      if (open.pop() !== name) throw new SyntaxError('an element is not closed');
      if (open.length === 1 && !isNested) fields.push([name, value.trim()]);
      if (open.length === 0 && token.lastIndex < source.length)
        throw new SyntaxError('more than one message');
    } else if (!empty) {
      if (open.length >= maxDepth) throw new SyntaxError('too deep');
      open.push(name);
      isNested = open.length > 2;
    }
    value = '';
  }
  if (open.length > 0 || source === '') throw new SyntaxError('the message is not complete');
  return toFields(fields);
}

const maxDepth = 8;

function decodeText(text: string): string {
  return text.replace(/&([^;&]{0,8});?/g, (_, name: string) => {
    const character = Object.hasOwn(predefined, name) ? predefined[name] : undefined;
    if (character === undefined) throw new SyntaxError('an entity');
    return character;
  });
}

/** @throws SyntaxError for a name given twice: another reader might take the other value */
function toFields(entries: readonly (readonly [string, string])[]): PushFields {
  const fields = new Map(entries);
  if (fields.size !== entries.length) throw new SyntaxError('a field twice');
  return Object.fromEntries(fields);
}
