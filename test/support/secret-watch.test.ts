import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { recordAnswers } from './record-answers.ts';
import { startProgram } from './run-program.ts';
import { createSecretWatch } from './secret-watch.ts';
import { secretsOf } from './settings-secrets.ts';

const secret = 'a-secret-of-the-gateway';
const login = '{"accessToken":"an.access.token-of-anna","refreshToken":"a-refresh-token-of-anna"}';

test('a secret in a log line or an answer is found, whenever it became known', () => {
  const watch = createSecretWatch();
  watch.logged(`{"msg":"calling","url":"/?secret=${secret}"}`);
  watch.learn('app secret', secret);
  watch.answered('/graphql?a=1', `{"errors":[{"message":"${secret} is wrong"}]}`);
  watch.logged('{"msg":"nothing"}');
  expect(watch.leaks()).toEqual([
    { secret: 'app secret', place: 'log', before: '{"msg":"calling","url":"/?secret=' },
    { secret: 'app secret', place: 'answer of /graphql', before: '{"errors":[{"message":"' },
  ]);
});

test('tokens may be in the answer that gives them, and nowhere else', () => {
  const watch = createSecretWatch();
  watch.answered('/auth/wechat/login', login);
  watch.answered('/auth/oidc/session', 'set-cookie: __Host-minigate=a-cookie-of-the-staff; Secure\n\n{}');
  expect(watch.leaks()).toEqual([]);
  watch.answered('/graphql', '{"data":"a-refresh-token-of-anna"}');
  watch.logged('Bearer an.access.token-of-anna');
  watch.logged('cookie: a-cookie-of-the-staff');
  expect(watch.leaks().map(({ secret: what, place }) => [what, place])).toEqual([
    ['accessToken', 'log'],
    ['refreshToken', 'answer of /graphql'],
    ['cookie', 'log'],
  ]);
});

test('what else is in an answer that gives tokens is looked at', () => {
  const watch = createSecretWatch();
  watch.learn('session_key', secret);
  watch.answered('/auth/wechat/login', login.replace('}', `,"sessionKey":"${secret}"}`));
  expect(watch.leaks()).toMatchObject([{ secret: 'session_key', place: 'answer of /auth/wechat/login' }]);
});

test('what a program writes is looked at, for the secrets that it was given too', async () => {
  const watch = createSecretWatch();
  watch.learn('login code', 'a-code-of-wx-login');
  const script =
    "console.log(process.env.APP_SECRET); console.error(process.argv.join('|'), 'a-code-of-wx-login')";
  const args = ['--eval', script, '--', '--internal-key', 'a key of subgraphs'];
  await startProgram(args, { APP_SECRET: secret }, undefined, watch).ended;
  expect(watch.leaks().map(({ secret: what, place }) => [what, place])).toEqual([
    ['login code', 'log'],
    ['setting of a program', 'log'],
    ['setting of a program', 'log'],
  ]);
});

test('what the gateway of a program answers is looked at, whoever asked', async () => {
  const watch = createSecretWatch();
  watch.learn('request id', secret);
  const args = ['gateway/main.ts', '--dev', '--supergraph', 'subgraphs/supergraph.graphql'];
  const program = startProgram([...args, '--port', '0', '--admin-port', '0'], {}, undefined, watch);
  await program.waitFor('Minigate listens at');
  const [url = ''] = /http\S+(?=\/graphql)/.exec(program.output().stderr) ?? [];
  const ask = `await fetch('${url}/nothing', { headers: { 'x-request-id': '${secret}' } })`;
  await startProgram(['--input-type=module', '--eval', ask], {}, undefined, watch).ended;
  await expect
    .poll(() => watch.leaks())
    .toEqual([
      {
        secret: 'request id',
        place: 'answer of /nothing',
        before: expect.stringContaining('x-request-id: '),
      },
    ]);
  program.process.kill('SIGTERM');
  expect((await program.ended).exitCode).toBe(0);
});

test('answers of the servers that are ours are heard, in pieces, compressed, and by their headers', async () => {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/pieces') {
      response.write('one ');
      response.end('two');
    } else if (request.url === '/compressed') {
      response.setHeader('content-encoding', 'gzip').end(gzipSync('squeezed'));
    } else if (request.url === '/head') {
      response.setHeader('x-told', 'before');
      response.writeHead(200, 'OK', { 'content-encoding': 'gzip', 'x-also': ['one', 'two'] });
      response.end(gzipSync('squeezed'));
    } else {
      response.setHeader('x-told', 'in a header').end();
    }
  });
  const other = createServer((_request, response) => response.end('of another'));
  const ports = await Promise.all([server, other].map(listen));
  const stop = recordAnswers(
    (port) => port === ports[0],
    (path, text) => heard.push(`${path} ${text}`),
  );
  for (const path of ['pieces', 'compressed', 'head', 'header'])
    await (await fetch(`http://127.0.0.1:${ports[0]}/${path}`)).text();
  await (await fetch(`http://127.0.0.1:${ports[1]}/other`)).text();
  await expect
    .poll(() => heard)
    .toEqual([
      '/pieces \none two',
      '/compressed content-encoding: gzip\n\nsqueezed',
      '/head x-told: before\ncontent-encoding: gzip\nx-also: one\nx-also: two\n\nsqueezed',
      '/header x-told: in a header\n\n',
    ]);
  stop();
  for (const each of [server, other]) each.close();
});

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

test('the secrets of settings are known in every form that settings have', () => {
  expect(
    secretsOf({
      internalKey: 'internal',
      wechat: {
        apps: { a: 'plain', b: { secret: 'in an object', push: { token: 'token', encodingAesKey: 'aes' } } },
      },
      signing: { keys: [{ id: 'k1', secret: 'master' }] },
      session: { encryptionKeys: ['encryption'] },
      redis: { url: 'redis://user:password@127.0.0.1' },
    }).filter(Boolean),
  ).toEqual(['internal', 'plain', 'in an object', 'aes', 'master', 'encryption', 'password']);
});
