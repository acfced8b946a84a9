/**
 * Runs the subgraphs of the workload in one process: `node bench/subgraphs.ts --port 4200`.
 *
 * A body that has been answered before is answered from memory, so that what is measured is the gateway.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { graphql } from 'graphql';
import { z } from 'zod';
import { hostileAnswers } from './hostile-answers.ts';
import { subgraphSchemas } from './subgraph-schemas.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4200' } } });

const requestSchema = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

/** Bodies that differ in each request must not fill the memory. */
const maxRemembered = 10_000;
const remembered = new Map<string, Buffer>();

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  answer(request, response).catch((error: unknown) => {
    // A gateway that hangs up on a hostile answer is right to do so.
    response.destroy();
    if (request.url && subgraphSchemas.has(request.url)) process.stderr.write(`${request.url}: ${error}\n`);
  });
});
server.listen(Number(values.port), '127.0.0.1');

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '';
  const body = await text(request);
  const hostile = hostileAnswers.get(path);
  if (hostile) return hostile.send(response);
  const key = `${path} ${body}`;
  const bytes = remembered.get(key) ?? (await execute(path, body));
  if (remembered.size < maxRemembered) remembered.set(key, bytes);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

async function execute(path: string, body: string): Promise<Buffer> {
  const schema = subgraphSchemas.get(path);
  if (!schema) throw new Error('no subgraph is served here');
  const { query, operationName, variables } = requestSchema.parse(JSON.parse(body));
  const result = await graphql({ schema, source: query, operationName, variableValues: variables });
  return Buffer.from(JSON.stringify(result));
}
