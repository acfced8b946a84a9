/** Opens a port, or says in words why it cannot be opened. */
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
