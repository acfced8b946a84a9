import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { composeSubgraphs } from '../../registry/compose.ts';

const run = (...args: string[]) =>
  promisify(execFile)('node', ['registry/cli/bin/minigate.js', ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );

function writeGraph(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'minigate-compose-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const yaml = (schema: string) =>
  `subgraphs:\n  a:\n    routing_url: http://a.test/graphql\n    schema: { file: ${schema} }\n`;

test('the shop composes, and clients see nothing that is inaccessible', () => {
  const subgraphs = ['user', 'order', 'product'].map((name) => ({
    name,
    routingUrl: `http://${name}.test/graphql`,
    sdl: readFileSync(`subgraphs/${name}/schema.graphql`, 'utf8'),
  }));
  const { supergraphSdl, apiSchemaSdl } = composeSubgraphs(subgraphs);
  expect(supergraphSdl).toContain('reserveStock');
  expect(apiSchemaSdl).not.toMatch(
    /reserveStock|registerWechatIdentity|forgetWechatIdentity|ReservationState|join__/,
  );
});

test('the committed supergraph is what the committed schemas compose to', async () => {
  const { stdout } = await run('supergraph', 'compose', '--config', 'subgraphs/supergraph.yaml');
  expect(stdout.trim()).toBe(readFileSync('subgraphs/supergraph.graphql', 'utf8').trim());
});

describe('minigate supergraph compose', () => {
  test('writes the supergraph and says so', async () => {
    const folder = writeGraph({ 'supergraph.yaml': yaml('a.graphql'), 'a.graphql': 'type Query { a: Int }' });
    const output = join(folder, 'out.graphql');
    const result = await run(
      'supergraph',
      'compose',
      '--config',
      join(folder, 'supergraph.yaml'),
      '--output',
      output,
    );
    expect(result).toEqual({ code: 0, stdout: '', stderr: `Composed a → ${output}\n` });
    expect(readFileSync(output, 'utf8')).toContain('join__graph(name: "a", url: "http://a.test/graphql")');
  });

  test('exits 1 with every reason when the subgraphs do not compose', async () => {
    const folder = writeGraph({
      'supergraph.yaml': yaml('a.graphql'),
      'a.graphql': 'type Query { a: Nothing }',
    });
    const { code, stdout } = await run(
      'supergraph',
      'compose',
      '--config',
      join(folder, 'supergraph.yaml'),
      '--json',
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      error: {
        code: 'COMPOSITION_FAILED',
        message: 'The subgraphs do not compose:\n  INVALID_GRAPHQL: [a] Unknown type Nothing',
        problems: [{ code: 'INVALID_GRAPHQL', message: '[a] Unknown type Nothing' }],
      },
    });
  });

  test('exits 1 with line and column when a schema is not GraphQL', async () => {
    const folder = writeGraph({
      'supergraph.yaml': yaml('a.graphql'),
      'a.graphql': 'type Query {\n  a Int\n}',
    });
    const { code, stderr } = await run('supergraph', 'compose', '--config', join(folder, 'supergraph.yaml'));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'The subgraphs do not compose:\n  INVALID_GRAPHQL: [a] line 2, column 5: Syntax Error: Expected ":", found Name "Int".\n',
    });
  });

  test('exits 2 when the configuration or a file it names cannot be read', async () => {
    const folder = writeGraph({ 'supergraph.yaml': yaml('missing.graphql') });
    const { code, stderr } = await run('supergraph', 'compose', '--config', join(folder, 'supergraph.yaml'));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `${join(folder, 'missing.graphql')} cannot be read. Check the path and its permissions.\n`,
    });
  });

  test('exits 2 with the usage when an option is missing', async () => {
    const { code, stderr } = await run('supergraph', 'compose');
    expect(code).toBe(2);
    expect(stderr).toContain("required option '--config <file>' not specified");
    expect(stderr).toContain('Usage: minigate supergraph compose');
  });
});
