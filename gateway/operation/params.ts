/** Stage 5: reads the JSON body of a request as GraphQL parameters. */
import { z } from 'zod';
import { RequestError } from '../errors.ts';

const requestParams = z.object({
  /** `sha256:` and 64 hexadecimal digits: the registered operation to run. */
  documentId: z.string().max(200).nullish(),
  query: z.string().nullish(),
  operationName: z.string().max(200).nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  /** Clients of automatic persisted queries send the hash here, to register a document or to ask for it. */
  extensions: z.object({ persistedQuery: z.unknown() }).partial().nullish(),
});

export type RequestParams = z.infer<typeof requestParams>;

/** @throws BAD_REQUEST */
export function parseParams(body: unknown): RequestParams {
  if (Array.isArray(body))
    throw new RequestError('BAD_REQUEST', 'Batching is disabled: send one operation per request.');
  const params = requestParams.safeParse(body);
  if (params.success) return params.data;
  const problems = params.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new RequestError('BAD_REQUEST', `The body is not a GraphQL request. ${problems.join('; ')}`);
}
