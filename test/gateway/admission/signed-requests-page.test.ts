/** docs/signed-requests.md is true: its example is what the gateway takes, and its programs print it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createCheckSignature } from '../../../gateway/admission/signature.ts';
import { toCanonicalQuery, toSignatureBase } from '../../../gateway/admission/signature-base.ts';

const pythonPath = findPython();

describe.each(['docs/signed-requests.md', 'docs/signed-requests.zh-CN.md'])('%s', (path) => {
  const page = readFileSync(path, 'utf8');
  const blocks = (language: string): string[] =>
    [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``, 'gm'))].map(
      ([, text]) => text ?? '',
    );
  const login = JSON.parse(blocks('json')[0] ?? '');
  const [, base, header] = blocks('text');
  const signature = header?.replace('minigate-signature: ', '') ?? '';
  const request = parseRequest(blocks('http')[0] ?? '');
  const [, timestamp = '', nonce = '', keyId = ''] = /t=(.*);n=(.*);k=(.*);s=/.exec(signature) ?? [];

  test('shows what the gateway has signed', () => {
    const parts = { timestamp: Number(timestamp), nonce, keyId };
    expect(toSignatureBase(request, parts, login.signingAudience)).toBe(base);
    expect(toCanonicalQuery('b=2&a=x+y&')).toBe('a=x%20y&b=2');
    expect(page).toContain('`a=x%20y&b=2`');
  });

  test('shows a signature that the gateway takes, and no other', async () => {
    const check = createCheckSignature({
      keys: {
        find: () => ({ key: Buffer.from(login.signingKey, 'base64'), sessionId: 's', isKnown: true }),
        issue: () => ({ keyId, key: Buffer.alloc(32) }),
      },
      nonces: { spend: async () => 'new' },
      audience: login.signingAudience,
      isRequired: () => true,
      now: () => Number(timestamp) * 1000,
      monotonicNow: () => 0,
      onClockStep: () => {},
      onNoncesLost: () => {},
    });
    const sent = (value: string) => ({
      ...request,
      route: '/graphql',
      headers: { ...request.headers, 'minigate-signature': value },
    });
    expect(await check(sent(signature))).toBe('s');
    const other = signature.replace(/.$/, signature.endsWith('0') ? '1' : '0');
    await expect(check(sent(other))).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
  });

  test('has a Node program that prints the header', () => {
    expect(run(process.execPath, ['--input-type=module', '-e', blocks('js')[0] ?? ''])).toBe(signature);
  });

  test.skipIf(pythonPath === undefined)('has a Python program that prints the header', () => {
    expect(run(pythonPath ?? '', ['-c', blocks('python')[0] ?? ''])).toBe(signature);
  });
});

function parseRequest(text: string) {
  const [head = '', body = ''] = text.split('\n\n');
  const [requestLine = '', ...lines] = head.split('\n');
  const [method = '', url = ''] = requestLine.split(' ');
  const headers: Record<string, string> = Object.fromEntries(lines.map((line) => line.split(': ')));
  return { method, url, headers, body: Buffer.from(body) };
}

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8' }).trim();
}

/** `undefined` where there is none; one that is too old for the program must fail the test. */
function findPython(): string | undefined {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return 'python3';
  } catch {
    return undefined;
  }
}
