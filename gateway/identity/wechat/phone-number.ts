/** Turns the code of a getPhoneNumber button into the person's phone number. */
import { z } from 'zod';
import { RequestError } from '../../errors.ts';
import { type CallServerApi, toWechatRefusal } from './server-api.ts';
import type { WechatSession } from './wechat-session.ts';

export interface PhoneNumber {
  /** With the country code where it is not China's. */
  readonly phoneNumber: string;
  readonly purePhoneNumber: string;
  readonly countryCode: string;
}

const phoneInfo = z.object({
  phone_info: z.object({
    phoneNumber: z.string(),
    purePhoneNumber: z.string(),
    countryCode: z.coerce.string(),
    watermark: z.object({ appid: z.string() }),
  }),
});

/** Unknown, expired, another person's; used before. */
const badCode: ReadonlySet<number | undefined> = new Set([40029, 40163]);

/**
 * WeChat is told who the code came from, and refuses one that another person's phone gave.
 *
 * @throws PHONE_CODE_INVALID, RATE_LIMITED, WECHAT_UNAVAILABLE
 */
export async function loadPhoneNumber(
  callApi: CallServerApi,
  { appId, openid }: Pick<WechatSession, 'appId' | 'openid'>,
  code: string,
): Promise<PhoneNumber> {
  const reply = await callApi({
    appId,
    method: 'POST',
    path: '/wxa/business/getuserphonenumber',
    query: {},
    body: { code, openid },
    repeatable: false,
  });
  if (!reply.ok) {
    if (badCode.has(reply.errcode)) throw invalidCode();
    throw toWechatRefusal(reply.errcode);
  }
  const answer = phoneInfo.safeParse(reply.data);
  if (!answer.success || answer.data.phone_info.watermark.appid !== appId) throw toWechatRefusal(undefined);
  const { phoneNumber, purePhoneNumber, countryCode } = answer.data.phone_info;
  return { phoneNumber, purePhoneNumber, countryCode };
}

function invalidCode(): RequestError {
  return new RequestError(
    'PHONE_CODE_INVALID',
    'WeChat does not take this code of getPhoneNumber. Let the person press the button again.',
  );
}
