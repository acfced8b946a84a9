/** What goes wrong at WeChat, on demand. */
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { toWechatError } from './errcode.ts';

const faultRequest = z.union([
  z.strictObject({
    errcode: z.int().refine((code) => code !== 0, 'must not be 0, which means success'),
    times: z.int().min(0),
    path: z.string().optional(),
  }),
  z.strictObject({
    /** `slow` answers late; `garbage` is HTML; `redirect` leads elsewhere; `down` ends the connection. */
    kind: z.enum(['slow', 'garbage', 'redirect', 'down']),
    times: z.int().min(0),
    path: z.string().optional(),
    delayMs: z.int().min(0).default(5_000),
    location: z.url().default('https://evil.example/'),
  }),
]);

/** Adds `POST /simulator/faults`, and lets the next calls meet what it asked for before anything is done. */
export function addFaults(server: FastifyInstance, randomBytes: (count: number) => Buffer): void {
  const state: { fault: z.infer<typeof faultRequest> } = { fault: { errcode: 1, times: 0 } };

  server.post('/simulator/faults', (request) => {
    state.fault = faultRequest.parse(JSON.parse(`${request.body}`));
    return state.fault;
  });

  server.addHook('onRequest', async (request, reply) => {
    const { fault } = state;
    const [path = ''] = request.url.split('?');
    if (path.startsWith('/simulator/') || fault.times === 0 || (fault.path ?? path) !== path) return;
    fault.times -= 1;
    if ('errcode' in fault)
      return reply.type('text/plain').send(JSON.stringify(toWechatError(fault.errcode, randomBytes(12))));
    switch (fault.kind) {
      case 'slow':
        await wait(fault.delayMs, undefined, { ref: false });
        return;
      case 'garbage':
        return reply.type('text/html').send('<html>502 Bad Gateway</html>');
      case 'redirect':
        return reply.redirect(fault.location);
      case 'down':
        request.raw.socket.destroy();
        return reply.hijack();
    }
  });
}
