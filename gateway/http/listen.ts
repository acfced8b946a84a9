/** Opens a port, or says in words why it cannot be opened, and closes it in good order. */
import type { FastifyInstance } from 'fastify';
import { StartupError } from '../startup-error.ts';

/** @returns the origin, such as `http://127.0.0.1:4000` @throws StartupError naming the flag that chooses another port */
export async function listen(
  app: FastifyInstance,
  host: string,
  port: number,
  flag: string,
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be opened (${message})`;
    throw new StartupError(`Port ${port} on ${host} ${reason}. Choose another by --${flag}.`, { cause });
  }
}

/** What a request gets, once cut off, to be answered in. */
const timeToAnswerMs = 500;

/**
 * Takes no new requests and lets those in flight end.
 *
 * @param graceMs how long those in flight may take; then they are cut off, and a little later the last sockets closed
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
