/** A way to a real Redis that can hold back its answers, and knows what was asked meanwhile. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface HeldRedis {
  readonly url: string;
  /** From now on no answer passes, until `release`. */
  hold(): void;
  release(): void;
  /** Keys of the scripts that were asked for since `hold`. */
  asked(): readonly string[];
  close(): Promise<void>;
}

const script = /\r\nevalsha\r\n\$40\r\n[0-9a-f]{40}\r\n\$1\r\n1\r\n\$\d+\r\n([^\r]+)\r\n/gi;

export async function startHeldRedis(redisUrl: string): Promise<HeldRedis> {
  const { hostname, port } = new URL(redisUrl);
  const sockets = new Set<Socket>();
  const answers: (() => void)[] = [];
  let isHeld = false;
  let asked = '';
  const server = createServer((client) => {
    const redis = connect(Number(port), hostname);
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    client.on('data', (bytes) => {
      if (isHeld) asked += bytes.toString('latin1');
      redis.write(bytes);
    });
    redis.on('data', (bytes) => {
      if (isHeld) answers.push(() => client.write(bytes));
      else client.write(bytes);
    });
    client.on('close', () => redis.destroy());
    redis.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.');
  return {
    url: `redis://127.0.0.1:${address.port}`,
    hold() {
      isHeld = true;
      asked = '';
    },
    release() {
      isHeld = false;
      for (const pass of answers.splice(0)) pass();
    },
    asked: () => [...asked.matchAll(script)].map(([, key = '']) => key),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
