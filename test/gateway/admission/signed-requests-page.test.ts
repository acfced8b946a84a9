/** docs/signed-requests.md is true: its example is what the gateway takes, and its programs print it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { toSignature } from '../../../client/signature.ts';
import { createCheckSignature } from '../../../gateway/admission/signature.ts';
import { toCanonicalQuery, toSignatureBase } from '../../../gateway/admission/signature-base.ts';
import { createCheckUserSignature } from '../../../gateway/admission/user-signature.ts';

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

  const always = {
    nonces: { spend: async () => 'new' as const },
    audience: login.signingAudience,
    now: () => Number(timestamp) * 1000,
    monotonicNow: () => 0,
    onClockStep: () => {},
    onNoncesLost: () => {},
  };

  test('is quoted by the page on who is calling', () => {
    const quoting = readFileSync(path.replace('signed-requests', 'auth'), 'utf8');
    for (const shown of [base, header]) expect(quoting).toContain(`\`\`\`text\n${shown}\n\`\`\``);
  });

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
      isRequired: () => true,
      ...always,
    });
    const sent = (value: string) => ({
      ...request,
      route: '/graphql',
      headers: { ...request.headers, 'minigate-signature': value },
    });
    const checked = check(sent(signature));
    await checked?.spent;
    expect(checked?.sessionId).toBe('s');
    const other = signature.replace(/.$/, signature.endsWith('0') ? '1' : '0');
    expect(() => check(sent(other))).toThrow(expect.objectContaining({ code: 'SIGNATURE_INVALID' }));
  });

  test('shows a mutation that the phone has signed, as client and gateway do', async () => {
    const key = JSON.parse(blocks('json')[1] ?? '');
    const [, , , phoneBase = '', phoneHeader = ''] = blocks('text');
    const value = phoneHeader.replace('minigate-user-signature: ', '');
    const mutation = parseRequest(blocks('http')[1] ?? '');
    const by = { keyId: `wx.${key.version}`, nonce, timestamp: Number(timestamp) };
    expect(toSignatureBase(mutation, by, login.signingAudience)).toBe(phoneBase);

    const origin = 'https://api.example.com';
    const { method, url, headers: header, body } = mutation;
    const option = { url: origin + url, method: method as 'POST', header, data: `${body}`, timeout: 1 };
    const callbacks = { success: () => {}, fail: () => {} };
    const parts = { key: key.encryptKey, keyId: by.keyId, audience: login.signingAudience, nonce };
    expect(toSignature({ ...option, ...callbacks }, origin, { ...parts, seconds: by.timestamp })).toBe(value);

    const check = createCheckUserSignature({
      mutations: new Set(['createOrder']),
      isOnPhone: () => true,
      findKey: async (_user, version) => (version === key.version ? key.encryptKey : undefined),
      onRefuse: () => {},
      ...always,
    });
    const user = { kind: 'user', userId: 'u', sessionId: 's', appId: 'wx1', loggedInAt: 0 } as const;
    const principal = { ...user, roles: [], scopes: [], level: 1 };
    const ask = (signature: string) =>
      check({
        ...{ fields: ['createOrder'], principal },
        request: { ...mutation, headers: { ...header, 'minigate-user-signature': signature } },
      });
    await expect(ask(value)).resolves.toBeUndefined();
    await expect(ask(value.replace('wx.3', 'wx.2'))).rejects.toMatchObject({
      code: 'USER_SIGNATURE_INVALID',
    });
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
