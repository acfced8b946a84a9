import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function run(environment: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, ['wechat-simulator/main.ts'], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  return child;
}

async function outcomeOf(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stderr };
}

it('says where it answers, and ends cleanly on SIGTERM', async () => {
  const child = run({ PORT: '0', WECHAT_APPS: 'wxone=s1,wxtwo=s2' });
  const outcome = outcomeOf(child);
  const [line] = await once(child.stdout ?? child, 'data');
  const url = /http:\S+/.exec(String(line))?.[0];

  const query = 'appid=wxtwo&secret=s2&js_code=simulator:admin&grant_type=authorization_code';
  const answer = await fetch(`${url}/sns/jscode2session?${query}`);
  expect(await answer.json()).toMatchObject({ openid: 'o-sim-admin' });

  child.kill('SIGTERM');
  expect(await outcome).toEqual({ code: 0, stderr: '' });
});

it('a port in use is one line and exit code 1', async () => {
  const occupant = createServer().listen(0, '127.0.0.1');
  await once(occupant, 'listening');
  const address = occupant.address();
  const port = typeof address === 'object' ? String(address?.port) : '';

  expect(await outcomeOf(run({ PORT: port }))).toEqual({
    code: 1,
    stderr: `The WeChat simulator cannot listen on 127.0.0.1:${port} (listen EADDRINUSE: address already in use 127.0.0.1:${port}). Set HOST or PORT.\n`,
  });
  occupant.close();
});

it('every bad setting is named in one line', async () => {
  expect(await outcomeOf(run({ PORT: '70000', WECHAT_APPS: 'wxone' }))).toEqual({
    code: 1,
    stderr:
      'The WeChat simulator cannot start. PORT: Too big: expected number to be <=65535; WECHAT_APPS: must be appId=secret, several separated by commas.\n',
  });
});
