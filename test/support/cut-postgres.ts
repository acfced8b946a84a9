/** A way to a real Postgres that breaks a connection at its commit, before or after the database has had it. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CutPostgres {
  readonly url: string;
  /** Breaks the connection by which the next commit comes. */
  cutNextCommit(when: 'before' | 'after'): void;
  close(): Promise<void>;
}

export async function startCutPostgres(postgresUrl: string): Promise<CutPostgres> {
  const target = new URL(postgresUrl);
  const sockets = new Set<Socket>();
  let cut: 'before' | 'after' | undefined;
  const server = createServer((client) => {
    const postgres = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, postgres]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    client.on('data', (bytes) => {
      const when = bytes.includes('commit\0') ? cut : undefined;
      if (when) cut = undefined;
      if (when === 'before') client.destroy();
      else postgres.write(bytes);
      // The answer is read, and given to nobody.
      if (when === 'after') postgres.removeAllListeners('data').once('data', () => client.destroy());
    });
    postgres.on('data', (bytes) => client.write(bytes));
    client.on('close', () => postgres.destroy());
    postgres.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.');
  const url = new URL(postgresUrl);
  [url.hostname, url.port] = ['127.0.0.1', String(address.port)];
  return {
    url: url.toString(),
    cutNextCommit(when) {
      cut = when;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
