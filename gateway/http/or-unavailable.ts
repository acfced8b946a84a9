/** Turns the failure of a store that operators change something in into the refusal that they see. */
import { RequestError } from '../errors.ts';

/** @param what the store keeps, as in "the store of bans" @throws SESSION_UNAVAILABLE */
export async function orUnavailable<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw Object.assign(
      new RequestError('SESSION_UNAVAILABLE', `The store of ${what} is away; nothing may have changed.`),
      { cause },
    );
  }
}
