/** `minigate compare`: sends the same operations to two endpoints, and says where their answers differ. */
import type { Command } from 'commander';
import { type Asked, askEndpoint, type EndpointAnswer } from './ask-endpoint.ts';
import { createSay } from './language.ts';
import { CommandError, printSuccess, printText, toTable } from './output.ts';
import { readJson } from './read-text.ts';

interface CompareOptions {
  readonly against: string;
  readonly endpoint: string;
  readonly variables?: string;
  readonly header: readonly string[];
  readonly mutations?: boolean;
  readonly json?: boolean;
}

interface Comparison {
  readonly operation: string;
  readonly same: boolean;
  readonly status: readonly [number, number];
  readonly differences: readonly string[];
  readonly fetches: readonly [number | null, number | null];
  readonly milliseconds: readonly [number, number];
}

export function addCompareCommand(program: Command): void {
  const say = createSay(process.env);
  program
    .command('compare')
    .argument('<operations>', 'a manifest, or a list of { name, query, variables }')
    .description(
      'send the same operations to two endpoints, and report differences in data, errors, fetches and time',
    )
    .requiredOption('--against <url>', 'the endpoint to compare with')
    .option('--endpoint <url>', 'the endpoint itself', 'http://127.0.0.1:4000/graphql')
    .option('--variables <file>', 'JSON: variables by the name of the operation')
    .option('--header <name: value>', 'sent to both; may be given several times', toList, [])
    .option('--mutations', 'also send mutations, twice each; else they are left out')
    .option('--json', 'print one JSON object instead of text')
    .action(async (file: string, options: CompareOptions) => {
      const headers = toHeaders(options.header);
      const variables = options.variables ? ((await readJson(options.variables)) as Variables) : {};
      const given = toOperations(await readJson(file), variables);
      const operations = given.filter(({ query }) => options.mutations || !/^\s*mutation\b/m.test(query));
      const leftOut = given.length - operations.length;
      if (leftOut > 0) process.stderr.write(`${say('leftOut', leftOut)}\n`);
      // So that connections stand before anything is timed.
      for (const url of [options.endpoint, options.against]) await askEndpoint(url, nothing, headers);
      const compared: Comparison[] = [];
      for (const operation of operations) {
        // One after the other, so that neither waits for the other's work.
        const here = await askEndpoint(options.endpoint, operation, headers);
        const there = await askEndpoint(options.against, operation, headers);
        compared.push(compare(operation, here, there));
      }
      const different = compared.filter(({ same }) => !same).length;
      const verdict =
        different === 0 ? say('same', compared.length) : say('different', different, compared.length);
      if (different > 0 && options.json)
        throw new CommandError({ code: 'DIFFERENT', message: verdict, operations: compared }, 1);
      if (options.json) return printSuccess({ operations: compared });
      printText(`${toComparisonTable(compared)}\n\n${verdict}`);
      if (different > 0) process.exitCode = 1;
    });
}

/** The simplest of queries. */
const nothing: Asked = { name: '', query: '{ __typename }', variables: {} };

function toList(one: string, others: readonly string[]): readonly string[] {
  return [...others, one];
}

function compare({ name }: Asked, here: EndpointAnswer, there: EndpointAnswer): Comparison {
  const differences = [
    ...findDifferences(here.data, there.data, 'data'),
    ...findDifferences(here.errors, there.errors, 'errors'),
    ...(here.status === there.status ? [] : [`status: ${here.status} ≠ ${there.status}`]),
  ];
  return {
    ...{ operation: name, differences: differences.slice(0, 10), same: differences.length === 0 },
    status: [here.status, there.status],
    fetches: [here.fetches, there.fetches],
    milliseconds: [here.milliseconds, there.milliseconds],
  };
}

function findDifferences(here: unknown, there: unknown, path: string): string[] {
  if (Object.is(here, there)) return [];
  if (isObject(here) && isObject(there) && Array.isArray(here) === Array.isArray(there))
    return [...new Set([...Object.keys(here), ...Object.keys(there)])].flatMap((key) =>
      findDifferences(here[key], there[key], `${path}.${key}`),
    );
  return [`${path}: ${show(here)} ≠ ${show(there)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}

function toComparisonTable(compared: readonly Comparison[]): string {
  return toTable(
    ['OPERATION', 'ANSWER', 'STATUS', 'FETCHES', 'MILLISECONDS', 'FIRST DIFFERENCE'],
    compared.map(({ operation, same, status, differences, fetches, milliseconds }) => [
      ...[operation, same ? '=' : '≠', status.join(' / ')],
      ...[
        fetches.map((count) => count ?? '?').join(' / '),
        milliseconds.map((time) => time.toFixed(1)).join(' / '),
        differences[0] ?? '',
      ],
    ]),
  );
}

type Variables = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** @throws CommandError when it is neither kind of file */
function toOperations(content: unknown, variables: Variables): Asked[] {
  const list = isObject(content) && Array.isArray(content.operations) ? content.operations : content;
  if (!Array.isArray(list) || !list.every(isObject))
    throw new CommandError({ code: 'UNREADABLE', message: 'The file holds no list of operations.' }, 2);
  return list.map((operation, index) => {
    const name = typeof operation.name === 'string' ? operation.name : `operation ${index + 1}`;
    const own = isObject(operation.variables) ? operation.variables : {};
    const query = operation.body ?? operation.query;
    if (typeof query !== 'string')
      throw new CommandError({ code: 'UNREADABLE', message: `${name} has neither body nor query.` }, 2);
    return { name, query, variables: variables[name] ?? own };
  });
}

/** @throws CommandError for what is no header */
function toHeaders(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((line) => {
      const at = line.indexOf(':');
      if (at < 1)
        throw new CommandError({ code: 'USAGE', message: `--header ${line} is no "name: value".` }, 2);
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}
