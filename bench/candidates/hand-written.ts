/**
 * Answers heavy, medium and light, and nothing else, by code written for each: `node hand-written.ts --port N`.
 *
 * It is the practical limit of Node for this work: no parsing, planning, checking or error handling.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { operations } from '../workload.ts';
import { answerHeavy, answerLight, answerMedium } from './hand-written-operations.ts';

const { values } = parseArgs({ options: { port: { type: 'string' } } });

const answers = new Map([
  [operations.heavy, answerHeavy],
  [operations.medium, answerMedium],
  [operations.light, answerLight],
]);

createServer(receive).listen(Number(values.port), '127.0.0.1');

function receive(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    answer(body, response).catch((error: unknown) => {
      process.stderr.write(`${error}\n`);
      response.writeHead(500).end();
    });
  });
}

async function answer(body: string, response: ServerResponse): Promise<void> {
  const { query } = JSON.parse(body) as { query: string };
  const operation = answers.get(query);
  if (!operation) throw new Error('this operation was not written by hand');
  const bytes = Buffer.from(JSON.stringify({ data: await operation() }));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}
