/** One HTTP exchange as `wx.request` does it: what goes out on the wire, and what comes back as `res`. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { stringify } from 'node:querystring';

/** There is no PATCH in `wx.request`. */
const methods = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'];

export interface WxRequest {
  readonly url: string;
  readonly data?: string | object | ArrayBuffer | undefined;
  readonly header?: Readonly<Record<string, string>> | undefined;
  readonly method?: string | undefined;
  readonly dataType?: string | undefined;
  readonly responseType?: string | undefined;
}

export interface WxResponse {
  readonly data: unknown;
  readonly statusCode: number;
  /** Names as the server wrote them. */
  readonly header: Record<string, string>;
  readonly cookies: string[];
  readonly errMsg: 'request:ok';
}

export interface TransferFailure {
  readonly errMsg: string;
  readonly errno: number;
}

/** Calls back once, unless it is stopped first; returns what stops it. */
export function transfer(
  request: WxRequest,
  referer: string,
  done: (outcome: { readonly result: WxResponse } | { readonly failure: TransferFailure }) => void,
): () => void {
  const method = request.method?.toUpperCase() ?? 'GET';
  if (!/^https?:\/\/[^/]/.test(request.url)) {
    done({ failure: { errMsg: `request:fail invalid url "${request.url}"`, errno: 600009 } });
    return () => {};
  }
  if (!methods.includes(method)) {
    done({ failure: { errMsg: `request:fail invalid method "${method}"`, errno: 600000 } });
    return () => {};
  }
  const { url, headers, body } = toHttp(request, method, referer);
  const open = url.startsWith('https:') ? httpsRequest : httpRequest;
  const outgoing = open(url, { method, headers }, (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', (error) => done({ failure: toFailure(error) }));
    incoming.on('end', () => done({ result: toResponse(incoming, Buffer.concat(chunks), request) }));
  });
  outgoing.on('error', (error) => done({ failure: toFailure(error) }));
  outgoing.end(body);
  return () => outgoing.destroy();
}

function toHttp(request: WxRequest, method: string, referer: string) {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(request.header ?? {})) {
    const lowerCase = name.toLowerCase();
    if (lowerCase === 'content-type') headers['content-type'] = value;
    // WeChat writes the Referer itself and lets no program change it.
    else if (lowerCase !== 'referer') headers[name] = value;
  }
  headers.Referer = referer;
  const { url, data } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    return { url, headers, body: toBody(data, headers['content-type'] ?? '') };
  }
  const query = isPlainObject(data) ? stringify(data) : '';
  return { url: query ? url + (url.includes('?') ? '&' : '?') + query : url, headers, body: undefined };
}

function toBody(data: WxRequest['data'], contentType: string): string | Buffer | undefined {
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  if (!isPlainObject(data)) return data as string | undefined;
  return contentType.includes('x-www-form-urlencoded') ? stringify(data) : JSON.stringify(data);
}

function isPlainObject(data: WxRequest['data']): data is Record<string, string> {
  return typeof data === 'object' && !(data instanceof ArrayBuffer);
}

function toResponse(incoming: IncomingMessage, body: Buffer, request: WxRequest): WxResponse {
  const header: Record<string, string> = {};
  const { rawHeaders } = incoming;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    header[name] = name in header ? `${header[name]},${value}` : value;
  }
  return {
    data: toData(body, request),
    statusCode: incoming.statusCode ?? 0,
    header,
    cookies: incoming.headers['set-cookie'] ?? [],
    errMsg: 'request:ok',
  };
}

/** JSON is tried once; text that is not JSON stays text, without an error. */
function toData(body: Buffer, { dataType = 'json', responseType }: WxRequest): unknown {
  if (responseType === 'arraybuffer') return new Uint8Array(body).buffer;
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  if (dataType !== 'json') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Chromium's network stack names the errors on phones. */
const netErrors: Readonly<Record<string, string>> = {
  ECONNREFUSED: '-102 error_msg:net::ERR_CONNECTION_REFUSED',
  ECONNRESET: '-101 error_msg:net::ERR_CONNECTION_RESET',
  ENOTFOUND: '-105 error_msg:net::ERR_NAME_NOT_RESOLVED',
};

function toFailure(error: NodeJS.ErrnoException): TransferFailure {
  const named = netErrors[error.code ?? ''] ?? '-2 error_msg:net::ERR_FAILED';
  const number = named.slice(0, named.indexOf(' '));
  return { errMsg: `request:fail errcode:${number} cronet_error_code:${named}`, errno: 600001 };
}
