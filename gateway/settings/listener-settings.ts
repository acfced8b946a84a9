/** The settings of the listener for clients: its connections, HTTPS, pages of other origins, and what it does when it has too much to do. */
import { z } from 'zod';

const isOrigin = (text: string): boolean => URL.parse(text)?.origin === text;
const positive = (fallback: number) => z.int().positive().default(fallback);

export const connectionSettings = z.strictObject({
  maxOpen: positive(10_000).describe('Most sockets of clients at once; further ones are closed.'),
  headersTimeoutMs: positive(10_000).describe('How long the headers of a request may take to arrive.'),
  receiveTimeoutMs: positive(15_000).describe('How long a request may take to arrive as a whole.'),
  idleTimeoutMs: positive(65_000).describe(
    'How long a socket stays open between requests; longer than the load balancer keeps it.',
  ),
  maxRequests: positive(10_000).describe('Requests answered on one socket.'),
});

export const corsSettings = z.strictObject({
  origins: z
    .array(z.string().refine(isOrigin, 'is no origin such as https://shop.example.com'))
    .default([])
    .describe('Origins whose pages may ask; mini-programs and the sandbox need none.'),
});

export const overloadSettings = z.strictObject({
  maxInFlight: positive(1_000).describe('Requests answered at once; further ones are refused.'),
  maxCostInFlight: positive(100_000).describe('Estimated cost of all operations answered at once.'),
  maxLagMs: positive(100).describe('Lag of the event loop that, after a second, has requests refused.'),
});

export const tlsSettings = z.strictObject({
  certFile: z.string().optional().describe('Certificates in PEM: HTTPS is then served, and HSTS sent.'),
  keyFile: z.string().optional().describe('Their key in PEM.'),
  reloadIntervalMs: positive(10_000).describe('How often the files are read again.'),
});
