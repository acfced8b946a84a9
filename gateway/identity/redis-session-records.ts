/** Stores sessions in Redis: all of one user in one hash, so that each operation is one script on one key. */
import type { RedisConnection } from '../store/redis.ts';
import type { SessionRecords } from './session-records.ts';

export interface RedisSessionRecordsOptions {
  /** Told of what is stored but makes no sense. */
  readonly onDamaged: (sessionId: string) => void;
}

/** Larger values were not written by a gateway. */
const maxStoredBytes = 16_384;

/** Every script begins like this. `read` gives the session, or nothing and whether that is because of damage. */
const prelude = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local isHash = redis.call('TYPE', KEYS[1]).ok == 'hash'
local function read(field)
  if not isHash then return nil, redis.call('EXISTS', KEYS[1]) == 1 end
  local size = redis.call('HSTRLEN', KEYS[1], field)
  if size == 0 then return nil, false end
  if size > ${maxStoredBytes} then return nil, true end
  local isJson, session = pcall(cjson.decode, redis.call('HGET', KEYS[1], field))
  if not isJson or type(session) ~= 'table' then return nil, true end
  if type(session.data) ~= 'string' or type(session.token) ~= 'string' then return nil, true end
  if type(session.ends) ~= 'number' then return nil, true end
  if session.ends <= now then return nil, false end
  return session
end
local function keepFor(lifetime)
  if redis.call('PTTL', KEYS[1]) < lifetime then redis.call('PEXPIRE', KEYS[1], lifetime) end
end
`;

/** ARGV: session id, data, token hash, lifetime, most sessions. */
const createScript = `${prelude}
if not isHash then redis.call('DEL', KEYS[1]) end
local count, first, firstEnds = 0, nil, nil
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 's:' then
    local session = isHash and read(field)
    if not session then
      redis.call('HDEL', KEYS[1], field)
    else
      count = count + 1
      if not firstEnds or session.ends < firstEnds then first, firstEnds = field, session.ends end
    end
  end
end
if count >= tonumber(ARGV[5]) then redis.call('HDEL', KEYS[1], first) end
local session = { data = ARGV[2], token = ARGV[3], ends = now + tonumber(ARGV[4]) }
redis.call('HSET', KEYS[1], 's:' .. ARGV[1], cjson.encode(session))
keepFor(tonumber(ARGV[4]))`;

/** ARGV: session id. */
const findScript = `${prelude}
local session, isDamaged = read('s:' .. ARGV[1])
if session then return { 'present', session.data } end
return { isDamaged and 'damaged' or 'absent' }`;

/** ARGV: session id, hash of the presented token, hash of the next, the next sealed, data, grace. */
const rotateScript = `${prelude}
local field = 's:' .. ARGV[1]
local session, isDamaged = read(field)
if not session then return { isDamaged and 'damaged' or 'absent' } end
if session.token == ARGV[2] then
  session.before, session.turned, session.next = ARGV[2], now, ARGV[4]
  session.token, session.data = ARGV[3], ARGV[5]
  redis.call('HSET', KEYS[1], field, cjson.encode(session))
  return { 'rotated' }
end
if session.before == ARGV[2] and now - (tonumber(session.turned) or 0) <= tonumber(ARGV[6]) then
  return { 'repeated', session.data, session.next }
end
redis.call('HDEL', KEYS[1], field)
return { 'reused' }`;

const endScript = `${prelude}
if isHash then redis.call('HDEL', KEYS[1], 's:' .. ARGV[1]) else redis.call('DEL', KEYS[1]) end`;
const endAllScript = `return redis.call('DEL', KEYS[1])`;

/** ARGV: identity, sealed key, lifetime. */
const addKeyScript = `${prelude}
if not isHash then redis.call('DEL', KEYS[1]) end
local newest, before = 'k:1:' .. ARGV[1], 'k:2:' .. ARGV[1]
local last = redis.call('HGET', KEYS[1], newest)
if last then redis.call('HSET', KEYS[1], before, last) end
redis.call('HSET', KEYS[1], newest, ARGV[2])
keepFor(tonumber(ARGV[3]))`;

const keysScript = `${prelude}
local found = {}
for _, age in ipairs({ 'k:1:', 'k:2:' }) do
  local size = isHash and redis.call('HSTRLEN', KEYS[1], age .. ARGV[1]) or 0
  if size > 0 and size <= ${maxStoredBytes} then
    found[#found + 1] = redis.call('HGET', KEYS[1], age .. ARGV[1])
  end
end
return found`;

/** ARGV: sealed user, lifetime. */
const linkScript = `redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])`;
const findUserScript = `
if redis.call('TYPE', KEYS[1]).ok ~= 'string' or redis.call('STRLEN', KEYS[1]) > ${maxStoredBytes} then return false end
return redis.call('GET', KEYS[1])`;

export function createRedisSessionRecords(
  redis: RedisConnection,
  { onDamaged }: RedisSessionRecordsOptions,
): SessionRecords {
  const create = redis.defineScript('minigateSessionCreate', createScript);
  const find = redis.defineScript('minigateSessionFind', findScript);
  const rotate = redis.defineScript('minigateSessionRotate', rotateScript);
  const end = redis.defineScript('minigateSessionEnd', endScript);
  const endAll = redis.defineScript('minigateSessionEndAll', endAllScript);
  const addKey = redis.defineScript('minigateSessionAddKey', addKeyScript);
  const keys = redis.defineScript('minigateSessionKeys', keysScript);
  const link = redis.defineScript('minigateIdentityLink', linkScript);
  const findUser = redis.defineScript('minigateIdentityFind', findUserScript);
  const keyOf = (userId: string): string => redis.toKey('sessions', userId);
  return {
    async create(userId, { sessionId, data, tokenHash, lifetimeMs, maxPerUser }) {
      await create(keyOf(userId), [sessionId, data, tokenHash, lifetimeMs, maxPerUser]);
    },
    async find(userId, sessionId) {
      const [state, data] = toStrings(await find(keyOf(userId), [sessionId]));
      if (state === 'damaged') onDamaged(sessionId);
      return state === 'present' ? data : undefined;
    },
    async rotate(userId, sessionId, { presentedHash, nextHash, sealedNext, data, graceMs }) {
      const args = [sessionId, presentedHash, nextHash, sealedNext, data, graceMs];
      const [outcome, stored = '', next = ''] = toStrings(await rotate(keyOf(userId), args));
      if (outcome === 'damaged') onDamaged(sessionId);
      if (outcome === 'rotated' || outcome === 'reused') return { outcome };
      return outcome === 'repeated' ? { outcome, data: stored, sealedNext: next } : { outcome: 'absent' };
    },
    async end(userId, sessionId) {
      await end(keyOf(userId), [sessionId]);
    },
    async endAll(userId) {
      await endAll(keyOf(userId), []);
    },
    async addKey(userId, { identity, sealed, lifetimeMs }) {
      await addKey(keyOf(userId), [identity, sealed, lifetimeMs]);
    },
    keys: async (userId, identity) => toStrings(await keys(keyOf(userId), [identity])),
    async linkUser(identity, sealed, lifetimeMs) {
      await link(redis.toKey('identity', identity), [sealed, lifetimeMs]);
    },
    async findUser(identity) {
      const sealed = await findUser(redis.toKey('identity', identity), []);
      return typeof sealed === 'string' ? sealed : undefined;
    },
  };
}

function toStrings(answer: unknown): string[] {
  return Array.isArray(answer) ? answer.filter((each) => typeof each === 'string') : [];
}
