/** Keeps the answers of logins in Redis for a minute: a login that the network sends again may reach another gateway. */
import { hkdfSync } from 'node:crypto';
import type { RedisConnection } from '../../store/redis.ts';
import { createSealer, type Sealer } from '../seal.ts';
import type { CodeToExchange, SharedAnswers } from './once-per-code.ts';

const keepLua = `return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])`;
const findLua = `return redis.call('GET', KEYS[1])`;

/** Only who sends code and idempotency key again can read an answer: Redis knows neither. */
export function createRedisLoginAnswers<T>(redis: RedisConnection, keptMs: number): SharedAnswers<T> {
  const keep = redis.defineScript('minigateKeepLogin', keepLua);
  const find = redis.defineScript('minigateFindLogin', findLua);
  const placeOf = ({ appId, code, idempotencyKey }: CodeToExchange): string =>
    JSON.stringify([appId, code, idempotencyKey]);
  const keyOf = (login: CodeToExchange): string => redis.toKey('login', placeOf(login));
  return {
    async find(login) {
      try {
        const sealed = await find(keyOf(login), []);
        const text = typeof sealed === 'string' ? toSealer(placeOf(login)).open(sealed, 'login') : undefined;
        return text === undefined ? undefined : JSON.parse(text);
      } catch {
        return undefined;
      }
    },
    async keep(login, answer) {
      const sealed = toSealer(placeOf(login)).seal(JSON.stringify(answer), 'login');
      // Then a repetition has to log in anew.
      await keep(keyOf(login), [sealed, keptMs]).catch(() => {});
    },
  };
}

function toSealer(place: string): Sealer {
  return createSealer([Buffer.from(hkdfSync('sha256', place, '', 'minigate login answer', 32))]);
}
