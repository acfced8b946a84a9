/** Attacks on what phones hand over from WeChat: encrypted data, signed data and phone codes, of others, changed or old. */
import { expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import { type Answer, type AttackWorld, appId, otherAppId, type Send } from '../support/attack-world.ts';
import { askDevice } from '../support/wechat-device.ts';

const attack = createAttack({ dev: true });

const openid = 'o-sim-user';
const profile = (body: object): Send => ({ path: '/auth/wechat/profile', body });
const phone = (body: object, headers = {}): Send => ({ path: '/auth/wechat/phone', body, headers });

interface Encrypted {
  readonly encryptedData: string;
  readonly iv: string;
}

/** What wx would give on the phone of the one who is logged in. */
function encrypt(
  world: AttackWorld,
  watermark: { appid?: string; timestamp?: number } = {},
  data: object = { nickName: '小明' },
): Promise<Encrypted> {
  return askDevice(world.wechatUrl, 'encrypted-data', { appId, openid, data, watermark });
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000);
const refused = { status: 400, code: 'WECHAT_DATA_INVALID', fetches: 0 };
const message = 'This data cannot be read for this session. Log in again, then ask wx for the data anew.';

/** One text, whatever was wrong. */
const isUniform = ({ json }: Answer): void => {
  expect(json).toEqual({
    errors: [
      {
        message,
        extensions: { code: 'WECHAT_DATA_INVALID', userMessage: '授权信息已失效，请重试' },
      },
    ],
  });
};

attack('W-06', 'encrypted data of the session comes back open, without what names the person to WeChat', {
  as: 'user',
  send: async (world) => {
    const data = { nickName: '小明', openId: openid, unionId: 'u-1' };
    return profile(await encrypt(world, {}, data));
  },
  expect: { status: 200, fetches: 0 },
  also: ({ json }) => expect(json).toEqual({ data: { nickName: '小明' } }),
});

attack('W-04', 'encrypted data whose watermark names another mini-program is refused, and logged', {
  as: 'user',
  send: async (world) => profile(await encrypt(world, { appid: otherAppId })),
  expect: refused,
  also: (answer, world) => {
    isUniform(answer);
    expect(world.gateway.log().at(-1)).toMatchObject({ level: 'warn', appId, foreignAppId: otherAppId });
  },
});

attack('W-04', 'encrypted data that names another person is refused', {
  as: 'user',
  send: async (world) => profile(await encrypt(world, {}, { openId: 'o-somebody-else' })),
  expect: refused,
  also: isUniform,
});

for (const [what, timestamp] of [
  ['more than 5 minutes old', () => nowSeconds() - 302],
  ['ahead of the clock', () => nowSeconds() + 60],
  ['from 1970', () => 0],
] as const) {
  attack('W-05', `encrypted data with a watermark ${what} is refused`, {
    as: 'user',
    send: async (world) => profile(await encrypt(world, { timestamp: timestamp() })),
    expect: refused,
    also: isUniform,
  });
}

attack('W-05', 'encrypted data 4 minutes old is taken', {
  as: 'user',
  send: async (world) => profile(await encrypt(world, { timestamp: nowSeconds() - 240 })),
  expect: { status: 200, fetches: 0 },
});

const zeros = (length: number): string => Buffer.alloc(length).toString('base64');

for (const [what, change] of [
  ['another vector', ({ encryptedData }: Encrypted) => ({ encryptedData, iv: zeros(16) })],
  ['a vector of 15 bytes', ({ encryptedData }: Encrypted) => ({ encryptedData, iv: zeros(15) })],
  ['an empty vector', ({ encryptedData }: Encrypted) => ({ encryptedData, iv: '' })],
  ['a vector that is no base64', ({ encryptedData }: Encrypted) => ({ encryptedData, iv: '!!!!' })],
  ['the last byte cut', cut(-1)],
  ['the last block cut', cut(-16)],
  ['all but one block cut', cut(16)],
  ['a bit of the first block flipped', flip(0)],
  ['a bit of the padding flipped', flip(-17)],
  ['a bit of the last block flipped', flip(-1)],
  ['a block that is no text', ({ iv }: Encrypted) => ({ encryptedData: zeros(64), iv })],
] as const) {
  attack('W-06', `encrypted data with ${what} meets the one error of all bad data`, {
    as: 'user',
    send: async (world) => profile(change(await encrypt(world))),
    expect: refused,
    also: isUniform,
  });
}

attack('W-06', "encrypted data under another person's key meets the same error", {
  as: 'admin',
  send: async (world) => profile(await encrypt(world)),
  expect: refused,
  also: isUniform,
});

attack('W-06', 'signed data that was changed meets the same error', {
  as: 'user',
  send: async (world) => {
    const data = { nickName: '小明' };
    const { signature } = await askDevice<{ signature: string }>(world.wechatUrl, 'raw-data', {
      appId,
      openid,
      data,
    });
    return profile({ rawData: '{"nickName":"admin"}', signature });
  },
  expect: refused,
  also: isUniform,
});

function cut(end: number): (whole: Encrypted) => Encrypted {
  return ({ encryptedData, iv }) => ({
    encryptedData: Buffer.from(encryptedData, 'base64').subarray(0, end).toString('base64'),
    iv,
  });
}

function flip(at: number): (whole: Encrypted) => Encrypted {
  return ({ encryptedData, iv }) => {
    const bytes = Buffer.from(encryptedData, 'base64');
    const index = at < 0 ? bytes.length + at : at;
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    return { encryptedData: bytes.toString('base64'), iv };
  };
}

for (const [what, body] of [
  ['both kinds at once', { encryptedData: 'AAAA', iv: 'AAAA', rawData: '{}', signature: 'a' }],
  ['a list', []],
  ['a number', { encryptedData: 1, iv: 2 }],
  ['17 KB of it', { encryptedData: 'A'.repeat(17_000), iv: zeros(16) }],
] as const) {
  attack('W-06', `data that is ${what} is no request`, {
    as: 'user',
    send: profile(body),
    expect: { status: 400, code: 'BAD_REQUEST', fetches: 0 },
  });
}

for (const path of ['/auth/wechat/profile', '/auth/wechat/phone']) {
  attack('W-08', `a guest learns nothing at ${path}, whoever the headers say it is`, {
    send: {
      path,
      body: { code: 'x', openid },
      headers: { 'x-wx-openid': openid, 'x-wx-appid': appId, 'x-wx-source': 'wx_client' },
    },
    expect: { status: 401, code: 'UNAUTHENTICATED', fetches: 0 },
  });
}

const phoneCode = async (world: AttackWorld, of = openid, app = appId): Promise<string> =>
  (await askDevice<{ code: string }>(world.wechatUrl, 'phone-code', { appId: app, openid: of })).code;
const noPhone = { status: 400, code: 'PHONE_CODE_INVALID', fetches: 0 };

attack('W-14', 'a phone code gives the phone number of the one who is logged in', {
  as: 'user',
  send: async (world) => phone({ code: await phoneCode(world) }),
  expect: { status: 200, fetches: 0 },
  also: ({ json }, world) => {
    expect(json).toEqual({ phoneNumber: '13800138000', purePhoneNumber: '13800138000', countryCode: '86' });
    expect(JSON.stringify(world.gateway.log())).not.toContain('13800138000');
  },
});

attack('W-14', 'a phone code that was used gives nothing again', {
  as: 'user',
  send: async (world) => {
    const code = await phoneCode(world);
    expect((await world.ask(phone({ code }), 'user')).status).toBe(200);
    return phone({ code });
  },
  expect: noPhone,
});

attack('W-14', 'a phone code of another person gives nothing, whatever openid is sent with it', {
  as: 'user',
  send: async (world) => phone({ code: await phoneCode(world, 'o-sim-admin'), openid: 'o-sim-admin' }),
  expect: noPhone,
});

attack('W-14', 'a phone code of another mini-program gives nothing', {
  as: 'user',
  send: async (world) => phone({ code: await phoneCode(world, openid, otherAppId), appId: otherAppId }),
  expect: noPhone,
});

attack('W-14', 'a login code gives no phone number', {
  as: 'user',
  send: async (world) => phone({ code: await world.loginCode(openid) }),
  expect: noPhone,
});

for (const [what, body] of [
  ['empty', { code: '' }],
  ['of 10 KB', { code: 'a'.repeat(10_240) }],
  ['a number', { code: 1 }],
] as const) {
  attack('W-14', `a phone code that is ${what} is no request`, {
    as: 'user',
    send: phone(body),
    expect: { status: 400, code: 'BAD_REQUEST', fetches: 0 },
  });
}

// Made here: what the attacker's own machine takes to write 10 MB of JSON is not the gateway's.
const tenMegabytes = Buffer.from(JSON.stringify({ rawData: 'a'.repeat(10_485_760), signature: 'a' }));

attack('W-16', 'a profile of 10 MB is too large', {
  as: 'user',
  send: { path: '/auth/wechat/profile', body: tenMegabytes },
  expect: { status: 413, code: 'PAYLOAD_TOO_LARGE', fetches: 0 },
});

attack('W-16', 'script in a nickname comes back as JSON that nobody takes for a page', {
  as: 'user',
  send: async (world) => {
    const data = { nickName: '<script>alert(1)</script>' };
    return profile(await askDevice<object>(world.wechatUrl, 'raw-data', { appId, openid, data }));
  },
  expect: { status: 200, fetches: 0 },
  also: ({ json, headers }) => {
    expect(json).toEqual({ data: { nickName: '<script>alert(1)</script>' } });
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
  },
});
