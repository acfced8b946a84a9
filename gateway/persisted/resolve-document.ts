/** Stage 6: turns what the client sent into the document to run. */
import { RequestError } from '../errors.ts';
import type { RequestParams } from '../operation/params.ts';
import type { Principal } from '../principal.ts';
import type { Client } from '../request-context.ts';
import type { AutomaticDocuments } from './automatic-documents.ts';
import { documentIdOf, type Miss, type RegisteredOperation, type Safelist } from './safelist.ts';

/**
 * What becomes of a document that is sent as text: `measure` counts it, `warn` also tells the client and the log,
 * `enforce` refuses it, `open` lets it be.
 */
export type DocumentPolicy = 'measure' | 'warn' | 'enforce' | 'open';

export interface ResolvedDocument {
  readonly body: string;
  readonly operationName: string | undefined;
  /** Set when it came by the id of a registered operation. */
  readonly registered?: RegisteredOperation;
  /** Whether the client is to be told that this will be refused one day. */
  readonly warned?: boolean;
}

/** A document that ran, and that `enforce` would have refused. */
export interface UnregisteredUse {
  readonly client: Client;
  readonly documentId: string;
  readonly operationName: string | undefined;
  readonly policy: DocumentPolicy;
  /** Whether its id would have run. */
  readonly isRegistered: boolean;
}

export interface ResolveDocumentOptions {
  readonly policyOf: (client: Client) => DocumentPolicy;
  /** Without it requests register nothing. */
  readonly automatic: AutomaticDocuments | undefined;
  readonly onUnregistered: (use: UnregisteredUse) => void;
}

export type ResolveDocument = (params: RequestParams, client: Client, safelist: Safelist) => ResolvedDocument;

/**
 * The function throws BAD_REQUEST, PERSISTED_QUERY_NOT_SUPPORTED, PERSISTED_QUERY_NOT_FOUND and
 * OPERATION_NOT_SAFELISTED.
 */
export function createResolveDocument({
  policyOf,
  automatic,
  onUnregistered,
}: ResolveDocumentOptions): ResolveDocument {
  return (params, client, safelist) => {
    const { id, query, operationName, isAutomatic } = params;
    const policy = policyOf(client);
    if (query === undefined && id === undefined)
      throw new RequestError('BAD_REQUEST', 'The request has neither documentId nor query.');
    if (query !== undefined) checkText(params, query, policy);

    const documentId = id ?? documentIdOf(query ?? '');
    const found = safelist.find(documentId, policy === 'open' ? undefined : client, operationName);
    if (typeof found === 'object' && id !== undefined)
      return { body: found.body, operationName: found.name, registered: found };
    if (found === 'retired') throw refusalOf(found);

    const body = query ?? (isAutomatic ? automatic?.get(documentId) : undefined);
    if (body === undefined) throw isAutomatic && automatic ? sendTextToo() : refusalOf(found as Miss);
    if (query !== undefined && isAutomatic) automatic?.set(documentId, query);
    const isRegistered = typeof found === 'object';
    if (policy !== 'open') onUnregistered({ client, documentId, operationName, policy, isRegistered });
    return { body, operationName, warned: policy === 'warn' };
  };
}

function checkText({ id, isAutomatic }: RequestParams, query: string, policy: DocumentPolicy): void {
  if (id !== undefined && id !== documentIdOf(query))
    throw new RequestError('BAD_REQUEST', 'The id is not that of the query sent with it.');
  if (policy !== 'enforce') return;
  if (isAutomatic)
    throw new RequestError('PERSISTED_QUERY_NOT_SUPPORTED', 'Documents cannot be registered by requests.');
  if (id !== undefined)
    throw new RequestError('BAD_REQUEST', 'Send the documentId alone, without the query.');
  throw new RequestError(
    'OPERATION_NOT_SAFELISTED',
    'Only registered operations are served: send a documentId.',
  );
}

function refusalOf(miss: Miss): RequestError {
  switch (miss) {
    case 'unknown':
      return new RequestError('PERSISTED_QUERY_NOT_FOUND', 'No operation is registered under this id.');
    case 'retired':
      return new RequestError('OPERATION_NOT_SAFELISTED', 'The operation is retired.');
    case 'other client':
      return new RequestError('OPERATION_NOT_SAFELISTED', 'The operation is not registered for this client.');
    case 'other operation':
      return new RequestError(
        'OPERATION_NOT_SAFELISTED',
        'operationName names no operation that is registered under this id.',
      );
  }
}

/** Clients of automatic persisted queries take it as no failure, and know it by exactly this message. */
function sendTextToo(): RequestError {
  return new RequestError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', {}, 200);
}

/** Stage 7, once it is known who asks. @throws OPERATION_NOT_SAFELISTED for the user of a mini-program that did not register the operation */
export function checkApp({ registered }: ResolvedDocument, principal: Principal): void {
  if (
    !registered?.appIds ||
    principal.kind === 'guest' ||
    (principal.kind === 'user' && registered.appIds.includes(principal.appId))
  )
    return;
  throw new RequestError(
    'OPERATION_NOT_SAFELISTED',
    'The operation is not registered for this mini-program.',
  );
}
