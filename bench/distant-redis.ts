/** A Redis that is further away than it is: a way to a real one, on which every answer is late by the same time. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface DistantRedis {
  readonly url: string;
  close(): void;
}

export async function startDistantRedis(redisUrl: string, latencyMs: number): Promise<DistantRedis> {
  const { hostname, port } = new URL(redisUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const redis = connect(Number(port || 6379), hostname);
    for (const socket of [client, redis]) sockets.add(socket.setNoDelay().on('error', () => {}));
    client.on('data', (bytes) => redis.write(bytes)).on('close', () => redis.destroy());
    redis.on('data', (bytes) => setTimeout(() => client.write(bytes), latencyMs));
    redis.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const own = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `redis://127.0.0.1:${own}`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
