/** Answers what a logged-in person's phone asks about the person: their phone number and what wx encrypted or signed. */
import { z } from 'zod';
import { RequestError } from '../../errors.ts';
import type { InForce } from '../authenticate.ts';
import { decryptUserData, type OnForeignData, type UserData, verifyRawData } from './encrypted-data.ts';
import { loadPhoneNumber, type PhoneNumber } from './phone-number.ts';
import type { CallServerApi } from './server-api.ts';
import { staleSessionKey } from './session-key.ts';
import { createIsSessionKeyStale } from './stale-session-key.ts';
import type { FindWechatSession } from './wechat-session.ts';

export interface PersonDataParts {
  readonly findSession: FindWechatSession;
  readonly callApi: CallServerApi;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onForeignData: OnForeignData;
}

export interface PersonData {
  /** @throws UNAUTHENTICATED, FORBIDDEN, BAD_REQUEST, PHONE_CODE_INVALID, RATE_LIMITED, WECHAT_UNAVAILABLE */
  phone(authorization: string | undefined, body: unknown, inForce: InForce): Promise<PhoneNumber>;
  /** Without what names the person to WeChat. @throws UNAUTHENTICATED, FORBIDDEN, BAD_REQUEST, WECHAT_DATA_INVALID, SESSION_KEY_STALE */
  profile(
    authorization: string | undefined,
    body: unknown,
    inForce: InForce,
  ): Promise<{ readonly data: UserData }>;
}

const maxDataLength = 16_384;

const phoneRequest = z.object({ code: z.string().min(1).max(256) });
const profileRequest = z.union([
  z.strictObject({ encryptedData: z.string().min(1).max(maxDataLength), iv: z.string().max(64) }),
  z.strictObject({ rawData: z.string().min(1).max(maxDataLength), signature: z.string().max(64) }),
]);

export function createPersonData({ findSession, callApi, now, onForeignData }: PersonDataParts): PersonData {
  const isSessionKeyStale = createIsSessionKeyStale({ callApi, now });
  return {
    async phone(authorization, body, inForce) {
      const session = await findSession(authorization, inForce);
      const request = phoneRequest.safeParse(body);
      if (!request.success)
        throw new RequestError('BAD_REQUEST', 'Send { "code": … } with the code of getPhoneNumber.');
      return loadPhoneNumber(callApi, session, request.data.code);
    },
    async profile(authorization, body, inForce) {
      const session = await findSession(authorization, inForce);
      const request = profileRequest.safeParse(body);
      if (!request.success)
        throw new RequestError(
          'BAD_REQUEST',
          'Send { "encryptedData", "iv" } or { "rawData", "signature" }, as wx gave them.',
        );
      const given = request.data;
      try {
        const { openId, unionId, watermark, ...data } =
          'rawData' in given
            ? verifyRawData(session, given)
            : decryptUserData(session, given, now(), onForeignData);
        return { data };
      } catch (refusal) {
        // Asked whatever was wrong, and answered by the key alone, so that it tells nothing of the data.
        if (await isSessionKeyStale(session)) throw staleSessionKey();
        throw refusal;
      }
    },
  };
}
