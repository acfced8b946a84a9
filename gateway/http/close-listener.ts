/** Ends a listener in good order, whatever its clients do. */
import type { FastifyInstance } from 'fastify';

/** For refusals to leave before the sockets are cut. */
const timeToAnswerMs = 500;

/**
 * Takes no new requests and lets those in flight end; those that do not within the grace are refused by `cutOff`, and
 * the sockets that are left then, such as one whose request never came to its end, are cut.
 */
export async function closeListener(
  app: FastifyInstance,
  graceMs: number,
  cutOff: () => void,
): Promise<void> {
  const timers = [
    setTimeout(cutOff, graceMs),
    setTimeout(() => app.server.closeAllConnections(), graceMs + timeToAnswerMs),
  ];
  await app.close();
  for (const timer of timers) clearTimeout(timer);
}
