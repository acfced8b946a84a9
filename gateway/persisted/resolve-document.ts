/** Stage 6: turns what the client sent into the document to run. */
import { RequestError } from '../errors.ts';
import type { RequestParams } from '../operation/params.ts';
import type { Safelist } from './safelist.ts';

export interface ResolvedDocument {
  readonly body: string;
  readonly registered: boolean;
}

/**
 * @param adHoc whether documents that nobody registered may run
 * @throws BAD_REQUEST, PERSISTED_QUERY_NOT_SUPPORTED, PERSISTED_QUERY_NOT_FOUND, OPERATION_NOT_SAFELISTED
 */
export function resolveDocument(
  { documentId, query, extensions }: RequestParams,
  safelist: Safelist,
  adHoc: boolean,
): ResolvedDocument {
  if (extensions?.persistedQuery)
    throw new RequestError('PERSISTED_QUERY_NOT_SUPPORTED', 'Documents cannot be registered by requests.');
  if (documentId && query)
    throw new RequestError('BAD_REQUEST', 'Send either documentId or query, not both.');
  if (documentId) {
    const operation = safelist.get(documentId);
    if (!operation)
      throw new RequestError(
        'PERSISTED_QUERY_NOT_FOUND',
        'No operation is registered under this documentId.',
      );
    return { body: operation.body, registered: true };
  }
  if (!query) throw new RequestError('BAD_REQUEST', 'The body has neither documentId nor query.');
  if (!adHoc)
    throw new RequestError(
      'OPERATION_NOT_SAFELISTED',
      'Only registered operations are served: send a documentId.',
    );
  return { body: query, registered: false };
}
