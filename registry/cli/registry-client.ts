/** Talks to a registry over HTTP: one call, one envelope, and the steps of a long one as they come. */
import { registryErrors } from '../errors.ts';
import { createSay, isChinese } from './language.ts';
import { CommandError, type Failure } from './output.ts';
import { startProgress } from './progress.ts';

export interface Connection {
  readonly registry: string;
  readonly environment: string;
  readonly token: string | undefined;
}

const timeoutMs = 120_000;
/** Of a change that somebody else was faster than. */
const attempts = 4;

/** @returns `data` of the envelope @throws CommandError */
export async function callRegistry<Data>(
  connection: Connection,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Data> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await callOnce<Data>(connection, method, path, body);
    } catch (error) {
      const raced = error instanceof CommandError && error.failure.code === 'BASE_CHANGED';
      if (!raced || attempt === attempts || (body && 'base' in body && body.base !== undefined)) throw error;
    }
  }
}

async function callOnce<Data>(
  { registry, token }: Connection,
  method: 'GET' | 'POST',
  path: string,
  body: object | undefined,
): Promise<Data> {
  const say = createSay(process.env);
  const progress = startProgress(say);
  try {
    const response = await fetch(new URL(path, registry), {
      method,
      headers: {
        accept: method === 'POST' ? 'application/x-ndjson, application/json' : 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    let last: unknown;
    for await (const line of linesOf(response)) {
      last = JSON.parse(line);
      const step = (last as { progress?: { step: 'compose'; done: number; total: number } }).progress;
      if (step) progress.show(step);
    }
    return unwrap<Data>(last);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { message, cause } = error as Error;
    const reason = cause instanceof Error && cause.message ? cause.message : message;
    throw new CommandError({ code: 'UNREACHABLE', message: say('unreachable', registry, reason) }, 2);
  } finally {
    progress.end();
  }
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  let rest = '';
  for await (const text of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') yield rest;
}

function unwrap<Data>(envelope: unknown): Data {
  const { ok, data, error } = (envelope ?? {}) as { ok?: boolean; data?: Data; error?: Failure };
  if (ok === true) return data as Data;
  if (!error) throw new Error('what answers there is no registry');
  const known = Object.hasOwn(registryErrors, error.code)
    ? registryErrors[error.code as keyof typeof registryErrors]
    : undefined;
  const failed = error.code === 'CHECK_FAILED' || (known?.status === 422 && error.code !== 'BAD_REQUEST');
  const remedy = known && (isChinese(process.env) ? known.chinese : known.remedy);
  const message = remedy ? `${error.code}: ${error.message}\n${remedy}` : error.message;
  throw new CommandError({ ...error, message }, failed ? 1 : 2);
}
