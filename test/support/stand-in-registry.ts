/** What gateways see of a registry: bundles by ETag, usage taken, for each environment; it misbehaves when told to. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { buildBundle } from '../../registry/bundle/build-bundle.ts';
import { toPublicKeyText } from '../../registry/bundle/bundle-keys.ts';
import type { BundleContent } from '../../registry/bundle/write-bundle.ts';

/** Of one environment. */
export interface StandInEnvironment {
  /** Requests for the bundle so far: the ETag that each sent, and its status. */
  readonly asked: readonly { readonly ifNoneMatch: string | undefined; readonly status: number }[];
  /** Reports of bans so far. */
  readonly bans: readonly unknown[];
  /** Reports of usage so far. */
  readonly usage: readonly unknown[];
  /** Another bundle from now on, number one more than the last. */
  publish(content: Omit<BundleContent, 'environment' | 'sequence' | 'createdAt'>): Promise<Buffer>;
  /** These bytes from now on, whatever they are. */
  deliver(bytes: Buffer): void;
}

/** With what it does for `release`. */
export interface StandInRegistry extends StandInEnvironment {
  readonly url: string;
  /** The `bundles` settings of a gateway that trusts it. */
  readonly trust: { readonly token: string; readonly publicKeys: string[] };
  readonly signingKey: KeyObject;
  of(environment: string): StandInEnvironment;
  /** Takes this token alone for the environment from now on. */
  setToken(environment: string, token: string): void;
  /** Answers in place of it from now on; `undefined` to behave again. */
  misbehave(misbehaviour: RequestListener | undefined): void;
  /** From now on nothing listens at its address. */
  stop(): Promise<void>;
  /** After `stop`. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const commonToken = 'a token that only tests use';

interface Served extends StandInEnvironment {
  token: string;
  answer(what: string | undefined, request: IncomingMessage, response: ServerResponse): void;
}

function createEnvironment(environment: string, signingKey: KeyObject): Served {
  const asked: { ifNoneMatch: string | undefined; status: number }[] = [];
  const bans: unknown[] = [];
  const usage: unknown[] = [];
  let bytes: Buffer | undefined;
  let etag = '';
  let sequence = 0;
  let deliveries = 0;

  const deliver = (given: Buffer): void => {
    bytes = given;
    deliveries += 1;
    etag = `"${environment}-${deliveries}"`;
  };

  const giveBundle = (request: IncomingMessage, response: ServerResponse): void => {
    const ifNoneMatch = request.headers['if-none-match'];
    const status = !bytes ? 404 : ifNoneMatch === etag ? 304 : 200;
    asked.push({ ifNoneMatch, status });
    response.writeHead(status, { etag }).end(status === 200 ? bytes : undefined);
  };

  const take = async (
    reports: unknown[],
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    reports.push(JSON.parse(text));
    response.writeHead(200).end('{}');
  };

  return {
    ...{ asked, bans, usage, deliver, token: commonToken },
    async publish(content) {
      sequence += 1;
      const createdAt = new Date().toISOString();
      const built = buildBundle({ ...content, environment, sequence, createdAt }, signingKey);
      deliver(built);
      return built;
    },
    answer(what, request, response) {
      if (what === 'bundle') giveBundle(request, response);
      else if (what === 'usage') void take(usage, request, response);
      else if (what === 'bans') void take(bans, request, response);
      else response.writeHead(404).end();
    },
  };
}

export async function startStandInRegistry(): Promise<StandInRegistry> {
  const { privateKey: signingKey } = generateKeyPairSync('ed25519');
  const environments = new Map<string, Served>();
  let misbehaviour: RequestListener | undefined;
  let port = 0;

  const of = (name: string): Served => {
    const environment = environments.get(name) ?? createEnvironment(name, signingKey);
    environments.set(name, environment);
    return environment;
  };

  const answer: RequestListener = (request, response) => {
    const [, name, what] = /^\/v1\/environments\/([^/]+)\/([^/]+)$/.exec(request.url ?? '') ?? [];
    const environment = of(name ?? '');
    if (misbehaviour) misbehaviour(request, response);
    else if (request.headers.authorization !== `Bearer ${environment.token}`) response.writeHead(401).end();
    else environment.answer(what, request, response);
  };

  let server = createServer(answer);
  const start = async (): Promise<void> => {
    server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  };
  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  await start();

  const { asked, bans, usage, publish, deliver } = of('release');
  return {
    url: `http://127.0.0.1:${port}`,
    trust: { token: commonToken, publicKeys: [toPublicKeyText(signingKey)] },
    ...{ signingKey, of, asked, bans, usage, publish, deliver },
    setToken(environment, token) {
      of(environment).token = token;
    },
    misbehave(wanted) {
      misbehaviour = wanted;
    },
    stop,
    start,
    close: stop,
  };
}
