/** Stage 5: reads the parameters of a GraphQL request, from its JSON body or from its address. */
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import { type JsonLimits, scanJson } from '../scan-json.ts';

const jsonParams = z.object({
  /** `sha256:` and 64 hexadecimal digits: the registered operation to run. */
  documentId: z.string().max(200).nullish(),
  query: z.string().nullish(),
  operationName: z.string().max(200).nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  /** Apollo's clients send the hash here, to ask for a document or, with its text, to register it. */
  extensions: z
    .object({
      persistedQuery: z.object({ version: z.literal(1), sha256Hash: z.string().max(200) }).nullish(),
    })
    .nullish(),
});

export interface RequestParams {
  /** What the document is asked by; an empty text counts as none, here and below. */
  readonly id: string | undefined;
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Record<string, unknown> | undefined;
  /** Whether the id came as automatic persisted queries send it. */
  readonly isAutomatic: boolean;
}

export interface ParamsSource {
  readonly method: 'GET' | 'POST';
  /** Parsed JSON; of a POST. */
  readonly body: unknown;
  /** What stands behind the `?` of the address; a name that stands there twice has a list. */
  readonly search: Readonly<Record<string, unknown>>;
}

/**
 * @param limits of JSON in the address; that of a body has been held to them
 * @throws BAD_REQUEST, and what `scanJson` throws
 */
export function parseParams({ method, body, search }: ParamsSource, limits: JsonLimits): RequestParams {
  if (method === 'GET') return toParams(readAddress(search, limits), 'address');
  if (Array.isArray(body))
    throw new RequestError('BAD_REQUEST', 'Batching is disabled: send one operation per request.');
  // Whoever reads only one of the two, such as a cache or a firewall, must see what is run.
  const inAddress = Object.keys(jsonParams.shape).find((name) => name in search);
  if (inAddress)
    throw new RequestError(
      'BAD_REQUEST',
      `A POST has its parameters in the body, not ${inAddress} in the address.`,
    );
  return toParams(body, 'body');
}

function toParams(source: unknown, place: 'address' | 'body'): RequestParams {
  const params = jsonParams.safeParse(source);
  if (!params.success) {
    const problems = params.error.issues.map(({ path, message }) => `${path.join('.') || place}: ${message}`);
    throw new RequestError('BAD_REQUEST', `The ${place} is not a GraphQL request. ${problems.join('; ')}`);
  }
  const { documentId, query, operationName, variables, extensions } = params.data;
  const hash = extensions?.persistedQuery?.sha256Hash;
  const automaticId = hash === undefined ? undefined : `sha256:${hash}`;
  if (documentId && automaticId && documentId !== automaticId)
    throw new RequestError(
      'BAD_REQUEST',
      'documentId and extensions.persistedQuery name different documents.',
    );
  return {
    id: documentId || automaticId,
    query: query || undefined,
    operationName: operationName || undefined,
    variables: variables ?? undefined,
    isAutomatic: automaticId !== undefined,
  };
}

function readAddress(search: ParamsSource['search'], limits: JsonLimits): Record<string, unknown> {
  const read = (name: string): string | undefined => {
    const value = search[name];
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string') return value;
    throw new RequestError('BAD_REQUEST', `The address has ${name} more than once.`);
  };
  const readJson = (name: string): unknown => {
    const text = read(name);
    if (text === undefined) return undefined;
    scanJson(text, limits, 1);
    try {
      return JSON.parse(text);
    } catch {
      throw new RequestError('BAD_REQUEST', `The address has ${name} that is not JSON.`);
    }
  };
  return {
    documentId: read('documentId'),
    query: read('query'),
    operationName: read('operationName'),
    variables: readJson('variables'),
    extensions: readJson('extensions'),
  };
}
