/** The sandbox as one React component: the bar, and GraphiQL below it. */
import { GraphiQL } from 'graphiql';
import { createElement, type ReactNode, useMemo, useState } from 'react';
import type { SandboxConfig, SandboxLogin } from '../sandbox-config.ts';
import { createFetcher, type Fetcher } from './fetcher.ts';
import type { Labels } from './labels.ts';
import { LoginError, logIn, type Session } from './session.ts';
import { TopBar } from './top-bar.ts';

export interface SandboxProps {
  readonly config: SandboxConfig;
  readonly labels: Labels;
  readonly defaultQuery: string;
}

export function Sandbox({ config, labels, defaultQuery }: SandboxProps): ReactNode {
  const [session, setSession] = useState<Session | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  // A new fetcher makes GraphiQL read the schema again, which may differ by role.
  const fetcher = useMemo(() => createSessionFetcher(config, session), [config, session]);

  async function onLogIn(login: SandboxLogin): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      setSession(await logIn({ loginPath: config.loginPath, login, fetch, now: Date.now }));
    } catch (error) {
      setSession(undefined);
      setProblem(toText(error, labels));
    } finally {
      setBusy(false);
    }
  }

  function onLogOut(): void {
    setSession(undefined);
    setProblem(undefined);
  }

  const { logins } = config;
  return createElement(
    'div',
    { className: 'sandbox' },
    createElement(TopBar, { labels, logins, session, busy, problem, onLogIn, onLogOut }),
    createElement(GraphiQL, { fetcher, defaultQuery }),
  );
}

/** Sends operations as the session's user, logging in once more when the token is about to end. */
export function createSessionFetcher(config: SandboxConfig, session: Session | undefined): Fetcher {
  const { graphqlPath, loginPath } = config;
  let current = session;
  return createFetcher({
    graphqlPath,
    fetch,
    createIdempotencyKey,
    async accessToken() {
      if (current && Date.now() >= current.renewAtMs) {
        current = await logIn({ loginPath, login: current.login, fetch, now: Date.now });
      }
      return current?.accessToken;
    },
  });
}

/** 128 random bits. `crypto.randomUUID` is missing where the page comes by plain http from another machine. */
function createIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function toText(error: unknown, labels: Labels): string {
  if (!(error instanceof LoginError)) return String(error);
  return (labels.language === 'en' ? undefined : error.userMessage) ?? error.message;
}
