/** Pushes a message to a gateway as WeChat does in safe mode. */
import { createCipheriv, createHash } from 'node:crypto';

export interface Push {
  /** The gateway's address, such as `http://127.0.0.1:4000/wx/message`. */
  readonly url: string;
  readonly appId: string;
  readonly token: string;
  readonly encodingAesKey: string;
  readonly message: Readonly<Record<string, string | number>>;
  readonly format: 'json' | 'xml';
  /** Seconds since 1970. */
  readonly timestamp: number;
}

export interface PushAnswer {
  readonly status: number;
  readonly text: string;
}

export async function pushMessage(push: Push, randomBytes: (count: number) => Buffer): Promise<PushAnswer> {
  const nonce = String(randomBytes(4).readUInt32BE());
  const write = push.format === 'xml' ? toXml : JSON.stringify;
  const sealed = seal(write(push.message), push, randomBytes);
  const query = new URLSearchParams({
    signature: toSignature([push.token, `${push.timestamp}`, nonce]),
    timestamp: `${push.timestamp}`,
    nonce,
    openid: `${push.message.FromUserName ?? ''}`,
    encrypt_type: 'aes',
    msg_signature: toSignature([push.token, `${push.timestamp}`, nonce, sealed]),
  });
  const response = await fetch(`${push.url}?${query}`, {
    method: 'POST',
    headers: { 'content-type': push.format === 'xml' ? 'text/xml' : 'application/json' },
    body: write({ ToUserName: `${push.message.ToUserName ?? 'gh_simulator'}`, Encrypt: sealed }),
    redirect: 'manual',
  });
  return { status: response.status, text: await response.text() };
}

/** What WeChat asks when the address is set up in its console. */
export async function verifyAddress(
  { url, token, timestamp }: Pick<Push, 'url' | 'token' | 'timestamp'>,
  randomBytes: (count: number) => Buffer,
): Promise<PushAnswer & { readonly echostr: string }> {
  const nonce = String(randomBytes(4).readUInt32BE());
  const echostr = String(randomBytes(8).readBigUInt64BE());
  const signature = toSignature([token, `${timestamp}`, nonce]);
  const query = new URLSearchParams({ signature, echostr, timestamp: `${timestamp}`, nonce });
  const response = await fetch(`${url}?${query}`, { redirect: 'manual' });
  return { status: response.status, text: await response.text(), echostr };
}

function toSignature(parts: readonly string[]): string {
  return createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex');
}

/** 16 random bytes, the length, the message and the app id; padded to blocks of 32 bytes, which the cipher does not do. */
function seal(
  message: string,
  { encodingAesKey, appId }: Pick<Push, 'encodingAesKey' | 'appId'>,
  randomBytes: (count: number) => Buffer,
): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const bytes = Buffer.from(message);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  const plain = Buffer.concat([randomBytes(16), length, bytes, Buffer.from(appId)]);
  const padding = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([
    cipher.update(Buffer.concat([plain, Buffer.alloc(padding, padding)])),
    cipher.final(),
  ]).toString('base64');
}

function toXml(fields: Readonly<Record<string, string | number>>): string {
  const elements = Object.entries(fields).map(([name, value]) =>
    typeof value === 'number'
      ? `<${name}>${value}</${name}>`
      : `<${name}><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`,
  );
  return `<xml>${elements.join('')}</xml>`;
}
