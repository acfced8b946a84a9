/** HTTPS without a proxy: one certificate after another, while requests run. */
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type SecureVersion } from 'node:tls';
import { Agent, request } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseConfig } from '../../../gateway/config.ts';
import { loadCertificate } from '../../../gateway/http/tls.ts';
import { attackGraph } from '../../support/attack-graph.ts';
import { otherSelfSigned, selfSigned } from '../../support/self-signed.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/test-subgraph.ts';

let folder: string;
let subgraphs: TestSubgraph[];
let gateway: TestGateway | undefined;
const files = () => ({ certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'minigate-tls-'));
  subgraphs = await Promise.all(attackGraph.map(startTestSubgraph));
  await write(selfSigned);
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  await Promise.all(subgraphs.map((subgraph) => subgraph.close()));
  await rm(folder, { recursive: true });
});

async function write({ cert, key }: { cert: string; key: string }): Promise<void> {
  await writeFile(files().certFile, cert);
  await writeFile(files().keyFile, key);
}

async function start(config: object = { tls: { ...files(), reloadIntervalMs: 20 } }): Promise<TestGateway> {
  gateway = await startTestGateway({ subgraphs, config: { dev: true, ...config } });
  return gateway;
}

const trusting = () => new Agent({ connect: { ca: [selfSigned.cert, otherSelfSigned.cert] } });
const ask = (agent: Agent, url: string, body = '{"query":"{docs{id}}"}') =>
  request(`${url}/graphql`, {
    ...{ dispatcher: agent, method: 'POST', body },
    headers: { 'content-type': 'application/json' },
  });
const serialOf = (pem: string): string => new X509Certificate(pem).serialNumber;

/** The certificate that a new connection is shown, and the protocol; or why there is none. */
function shake(url: string, maxVersion: SecureVersion = 'TLSv1.3'): Promise<string> {
  return new Promise((resolve) => {
    const { port } = new URL(url);
    const options = {
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const;
    const socket = connect({ ...options, port: Number(port), host: '127.0.0.1', maxVersion }, () => {
      resolve(`${socket.getProtocol()} ${socket.getPeerCertificate().serialNumber}`);
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code}`));
  });
}

const messages = ({ log }: TestGateway): unknown[] => log().map(({ msg }) => msg);

test('it serves HTTPS by TLS 1.2 and 1.3, and nothing older', async () => {
  const { url } = await start();
  expect(url).toMatch(/^https:/);
  expect(await shake(url)).toBe(`TLSv1.3 ${serialOf(selfSigned.cert)}`);
  expect(await shake(url, 'TLSv1.2')).toBe(`TLSv1.2 ${serialOf(selfSigned.cert)}`);
  expect(await shake(url, 'TLSv1.1')).toMatch(/^(ERR_SSL|ECONNRESET)/);
});

test('a new certificate is in force for new connections while requests run, and none of them fails', async () => {
  const running = await start();
  const agent = trusting();
  const statuses = new Set<number>();
  const traffic = { on: true };
  const run = async (): Promise<void> => {
    while (traffic.on) {
      const { statusCode, body } = await ask(agent, running.url);
      statuses.add(statusCode);
      await body.dump();
    }
  };
  const clients = [run(), run(), run()];
  await write(otherSelfSigned);
  await expect.poll(() => messages(running)).toContain('another certificate is in force');
  expect(await shake(running.url)).toBe(`TLSv1.3 ${serialOf(otherSelfSigned.cert)}`);
  traffic.on = false;
  await Promise.all(clients);
  expect([...statuses]).toEqual([200]);
  await agent.close();
});

test.each([
  ['is no certificate', { cert: 'nonsense', key: selfSigned.key }],
  ['has an empty key', { cert: selfSigned.cert, key: '' }],
  ['has an empty certificate', { cert: '', key: selfSigned.key }],
  ['has the key of another', { cert: otherSelfSigned.cert, key: selfSigned.key }],
])('a new file that %s is told of, and the old one stays until a good one comes', async (_what, broken) => {
  const running = await start();
  await write(broken);
  await expect.poll(() => messages(running)).toContain('the new certificate is no good; the old one stays');
  expect(await shake(running.url)).toBe(`TLSv1.3 ${serialOf(selfSigned.cert)}`);
  await write(otherSelfSigned);
  await expect.poll(() => messages(running)).toContain('another certificate is in force');
  expect(await shake(running.url)).toBe(`TLSv1.3 ${serialOf(otherSelfSigned.cert)}`);
  expect(JSON.stringify(running.log())).not.toContain('PRIVATE KEY');
});

test('a file that is gone for a while changes nothing', async () => {
  const running = await start();
  await rm(files().keyFile);
  await expect.poll(() => messages(running)).toContain('the new certificate is no good; the old one stays');
  expect(await shake(running.url)).toBe(`TLSv1.3 ${serialOf(selfSigned.cert)}`);
});

test.each([
  ['by its own TLS', () => undefined],
  ['behind a proxy that ends TLS', () => ({ hsts: true })],
])('%s every answer tells browsers to come by HTTPS only, a refusal too', async (_where, config) => {
  const { url } = await start(config());
  const agent = trusting();
  const answers = await Promise.all([
    ask(agent, url),
    ask(agent, url, '[]'),
    request(url, { dispatcher: agent }),
  ]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 400, 404]);
  for (const { headers, body } of answers) {
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    await body.dump();
  }
  await agent.close();
});

test('without either, nothing is said of HTTPS', async () => {
  const { url } = await start({});
  const { headers, body } = await ask(new Agent(), url);
  await body.dump();
  expect(headers).not.toHaveProperty('strict-transport-security');
});

test('files that cannot be served by are named at the start', async () => {
  await expect(loadCertificate({ ...files(), keyFile: '/nowhere/key.pem' })).rejects.toThrow(
    /^HTTPS cannot be served by .*cert\.pem and \/nowhere\/key\.pem: ENOENT/,
  );
  await write({ cert: otherSelfSigned.cert, key: selfSigned.key });
  await expect(loadCertificate(files())).rejects.toMatchObject({ name: 'StartupError' });
  expect(() => parseConfig({ dev: true, supergraph: 'a', tls: { certFile: 'b' } })).toThrow(
    'tls: needs both certFile and keyFile',
  );
});
