/** Attacks to begin from, each as large as wanted: documents, variables, JSON and headers. */

export interface RequestParts {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Stands for something new in every request, so that nothing is known from the last. */
export const nonce = '@@@@@@@@';

export type Grow = (bytes: number) => RequestParts;

const times = (count: number, item: (index: number) => string, separator = ' '): string =>
  Array.from({ length: Math.max(1, Math.floor(count)) }, (_, index) => item(index)).join(separator);

const json = { 'content-type': 'application/json' };

const ofDocument =
  (toDocument: (bytes: number) => string, variables: object = {}): Grow =>
  (bytes) => ({
    // Longer ones are refused by their length; what the parser and the validator do is of more interest.
    body: JSON.stringify({ query: `${toDocument(Math.min(bytes, 32_000))} #${nonce}`, variables }),
    headers: json,
  });

const withVariables = (query: string, toVariables: (bytes: number) => string): Grow => {
  const start = `{"query":${JSON.stringify(`${query} #${nonce}`)},"variables":`;
  return (bytes) => ({ body: `${start}${toVariables(Math.max(100, bytes - start.length))}}`, headers: json });
};

const ofBody =
  (toBody: (bytes: number) => string): Grow =>
  (bytes) => ({ body: toBody(bytes), headers: json });

const withHeaders =
  (toHeaders: (bytes: number) => Record<string, string>): Grow =>
  (bytes) => ({
    body: JSON.stringify({ query: `{docs{id}} #${nonce}` }),
    headers: { ...json, ...toHeaders(Math.min(bytes, 14_000)) },
  });

const account =
  'query($id:ID,$ids:[ID!],$where:AccountFilter,$kind:Level){account(id:$id,ids:$ids,where:$where,kind:$kind){id}}';

export const attackCorpus: Readonly<Record<string, Grow>> = {
  'equal fields': ofDocument((bytes) => `{docs{${times(bytes / 3, () => 'id')}}}`),
  'aliased fields': ofDocument((bytes) => `{docs{${times(bytes / 8, (index) => `a${index}:id`)}}}`),
  'one alias for many fields': ofDocument(
    (bytes) => `{users{${times(bytes / 40, (index) => `a:friends(first:${index}){id}`)}}}`,
  ),
  'fields that differ deep down': ofDocument(
    (bytes) =>
      `{user(id:1){${times(bytes / 60, (index) => `followers{followers{a:${index % 2 ? 'id' : 'name'}}}`)}}}`,
  ),
  'equal fields with fields below': ofDocument(
    (bytes) => `{user(id:1){${times(bytes / 40, () => 'followers{followers{followers{id}}}')}}}`,
  ),
  'equal fields below the limit of repeats': ofDocument(
    (bytes) => `{user(id:1){${times(Math.min(100, bytes / 60), () => 'followers{id name level audit}')}}}`,
  ),
  'fragments of equal fields': ofDocument((bytes) => {
    const count = Math.min(45, bytes / 100);
    return `{user(id:1){${times(count, (index) => `...F${index}`)}}} ${times(count, (index) => `fragment F${index} on User{id name level followers{id name level followers{id}}}`)}`;
  }),
  'inline fragments': ofDocument(
    (bytes) =>
      `{node(id:1){${times(bytes / 40, (index) => `...on ${index % 2 ? 'User' : 'Secret'}{id audit}`)}}}`,
  ),
  'fragments within each other': ofDocument(
    (bytes) =>
      `{user(id:1){...F0}} ${times(bytes / 60, (index) => `fragment F${index} on User{a:followers{...F${index + 1}} b:followers{...F${index + 1}}}`)}`,
  ),
  'fragments that overlap': ofDocument((bytes) => {
    const count = Math.min(70, bytes / 100);
    return `{user(id:1){${times(count, (index) => `...F${index}`)}}} ${times(count, (index) => `fragment F${index} on User{id followers{id ...F${(index * 7 + 1) % Math.ceil(count)}}}`)}`;
  }),
  'fragments spread everywhere': ofDocument((bytes) => {
    const count = Math.min(25, bytes / 200);
    const spreads = times(count, (index) => `...F${index}`);
    return `{user(id:1){${spreads}}} ${times(count, (index) => `fragment F${index} on User{followers{${spreads}}}`)}`;
  }),
  'unknown fields': ofDocument((bytes) => `{${times(bytes / 10, (index) => `nothing${index}`)}}`),
  'unknown arguments': ofDocument((bytes) => `{user(${times(bytes / 10, (index) => `x${index}:1`)}){id}}`),
  'unknown types': ofDocument(
    (bytes) => `query(${times(bytes / 14, (index) => `$v${index}:Nothing`)}){docs{id}}`,
  ),
  'unknown directives': ofDocument((bytes) => `{docs{id ${times(bytes / 8, (index) => `@x${index}`)}}}`),
  'unused variables': ofDocument(
    (bytes) => `query(${times(bytes / 12, (index) => `$v${index}:ID=1`)}){docs{id}}`,
  ),
  'undefined variables': ofDocument(
    (bytes) => `{account(ids:[${times(bytes / 8, (index) => `$v${index}`)}]){id}}`,
  ),
  'a list literal': ofDocument(
    (bytes) => `{account(ids:[${times(bytes / 5, (index) => `"${index}"`)}]){id}}`,
  ),
  'an object literal': ofDocument(
    (bytes) => `{account(where:{${times(bytes / 8, (index) => `k${index}:1`)}}){id}}`,
  ),
  'a long number': ofDocument((bytes) => `{users(first:${'9'.repeat(bytes)}){id}}`),
  'a long string': ofDocument((bytes) => `{user(id:"${'\\u00e9'.repeat(bytes / 6)}"){id}}`),
  'a block string': ofDocument((bytes) => `{user(id:"""${'\n  "x'.repeat(bytes / 5)}"""){id}}`),
  'a long name': ofDocument((bytes) => `{${'a'.repeat(bytes)}}`),
  comments: ofDocument((bytes) => `{docs{id ${'#\n'.repeat(bytes / 2)}}}`),
  commas: ofDocument((bytes) => `{docs{id${','.repeat(bytes)}}}`),
  'nested selections': ofDocument((bytes) => `${'{a'.repeat(bytes / 3)}${'}'.repeat(bytes / 3)}`),
  'many operations': ofDocument((bytes) => times(bytes / 20, (index) => `query Q${index}{docs{id}}`)),
  'deep introspection': ofDocument(
    (bytes) =>
      `{__schema{types{${times(bytes / 60, (index) => `a${index}:fields{type{fields{type{name}}}}`)}}}}`,
  ),
  conditions: ofDocument(
    (bytes) =>
      `query($on:Boolean!){users(first:1){${times(Math.min(28, bytes / 40), (index) => `a${index}:friends(first:1)@include(if:$on){id}`)}}}`,
    { on: true },
  ),
  'the dearest operation': ofDocument(() => '{users(first:40){id name friends(first:20){id name}}}'),

  'many keys': withVariables(account, (bytes) => `{${times(bytes / 10, (index) => `"${index}":1`, ',')}}`),
  'keys within keys': withVariables(
    account,
    (bytes) => `{"where":{${times(Math.min(4_000, bytes / 20), (index) => `"k${index}":{"a":1}`, ',')}}}`,
  ),
  'a list of wrong values': withVariables(
    account,
    (bytes) => `{"ids":[${times(Math.min(999, bytes / 4), () => '{}', ',')}]}`,
  ),
  'a list of long values': withVariables(
    account,
    (bytes) => `{"ids":[${times(900, (index) => `"${'x'.repeat(bytes / 1_000)}${index}"`, ',')}]}`,
  ),
  'a long value of the wrong kind': withVariables(account, (bytes) => `{"kind":"${'K'.repeat(bytes)}"}`),
  'an object of the wrong kind': withVariables(
    account,
    (bytes) => `{"kind":{${times(Math.min(4_000, bytes / 16), (index) => `"k${index}":"x"`, ',')}}}`,
  ),
  'lists of lists': withVariables(
    account,
    (bytes) =>
      `{"ids":[${times(990, () => `[${times(Math.min(900, bytes / 2_000), () => '1', ',')}]`, ',')}]}`,
  ),
  'long numbers': withVariables(
    account,
    (bytes) => `{"ids":[${times(900, () => '7'.repeat(bytes / 1_000), ',')}]}`,
  ),
  'one long number': withVariables(account, (bytes) => `{"id":${'7'.repeat(bytes - 10)}}`),
  'escaped text': withVariables(account, (bytes) => `{"id":"${'\\u0041'.repeat(bytes / 6)}"}`),
  'nested variables': withVariables(
    account,
    (bytes) => `${'{"a":'.repeat(bytes / 6)}1${'}'.repeat(bytes / 6)}`,
  ),

  'a batch': ofBody((bytes) => `[${times(bytes / 14, () => '{"query":"{a}"}', ',')}]`),
  'white space': ofBody((bytes) => `{"query":${' '.repeat(bytes)}"{docs{id}}"}`),
  quotes: ofBody((bytes) => '"'.repeat(bytes)),
  backslashes: ofBody((bytes) => `{"query":"${'\\'.repeat(bytes)}"}`),
  'escaped quotes': ofBody((bytes) => `{"query":"${'\\"'.repeat(bytes / 2)}"}`),
  'minus signs': ofBody((bytes) => `{"query":${'-'.repeat(bytes)}}`),
  'members of no meaning': ofBody(
    (bytes) => `{"query":"{docs{id}}",${times(bytes / 12, (index) => `"k${index}":0`, ',')}}`,
  ),
  'keys of the prototype': ofBody(
    (bytes) =>
      `{"query":"{docs{id}}","extensions":{${times(bytes / 60, (index) => `"a${index}":{"b":{"\\u005f_proto__":{}}}`, ',')}}}`,
  ),
  'a long operation name': ofBody((bytes) => `{"query":"{docs{id}}","operationName":"${'x'.repeat(bytes)}"}`),
  'a long document id': ofBody((bytes) => `{"documentId":"${'x'.repeat(bytes)}"}`),
  'bytes of nothing': ofBody((bytes) => '\0'.repeat(bytes)),

  'a long accept': withHeaders((bytes) => ({
    accept: times(bytes / 20, (index) => `a/b${index};q=0.${index % 10}`, ','),
  })),
  'accepts without end': withHeaders((bytes) => ({ accept: ','.repeat(bytes) })),
  'a long token': withHeaders((bytes) => ({ authorization: `Bearer ${'e.'.repeat(bytes / 2)}` })),
  'a long encoding list': withHeaders((bytes) => ({
    'accept-encoding': times(bytes / 8, (index) => `x${index};q=1`, ','),
  })),
  'a long type': withHeaders((bytes) => ({
    'content-type': `application/json${' '.repeat(bytes)}; charset=utf-8`,
  })),
  'a long origin': withHeaders((bytes) => ({ origin: `https://${'a.'.repeat(bytes / 2)}` })),
  'a long client name': withHeaders((bytes) => ({ 'minigate-client-name': 'x'.repeat(bytes) })),
};
