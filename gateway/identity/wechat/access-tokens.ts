/** Keeps the access token of each app, by WeChat's stable_token or what is like it: any number of gateways may ask without harm to each other. */
import { z } from 'zod';
import type { CallWechat, WechatCall } from './call-wechat.ts';

export interface AccessTokens {
  /** `undefined` when there is none to be had now. */
  get(appId: string): Promise<string | undefined>;
  /** The token in place of one that WeChat has refused; the same when WeChat stands by it. */
  renew(appId: string, refused: string): Promise<string | undefined>;
}

export interface AccessTokensOptions {
  readonly call: CallWechat;
  /** Secrets by app id. */
  readonly apps: ReadonlyMap<string, { readonly secret: string }>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Asks for a token, which stays the same while it holds. Default: stable_token. */
  readonly toCall?: (appId: string, secret: string) => WechatCall;
}

interface Held {
  readonly token: string;
  readonly fetchedAt: number;
  readonly renewAt: number;
  readonly expiresAt: number;
}

interface AppState {
  held?: Held | undefined;
  pending?: Promise<string | undefined> | undefined;
  /** Until then nothing is asked: WeChat has just refused, or was away. */
  pausedUntil: number;
}

/** In its last five minutes WeChat replaces a token, and takes both. */
const overlapMs = 300_000;
/** No token is asked for twice within this time while it still holds. */
const minAgeMs = 30_000;
/** A token refused sooner than this after it came will not be mended by asking again. */
const minAgeToRenewMs = 5_000;

/** Too often, or over the day's quota; wrong secrets and the like are as hopeless for a while. */
const pauseMs: Readonly<Record<number, number>> = { 45009: 60_000, 45011: 60_000 };
const defaultPauseMs = 2_000;

const answerSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** Never with `force_refresh`: that would end the token which other gateways hold. */
const toStableToken = (appId: string, secret: string): WechatCall => ({
  appId,
  method: 'POST',
  path: '/cgi-bin/stable_token',
  query: {},
  body: { grant_type: 'client_credential', appid: appId, secret },
  repeatable: true,
});

export function createAccessTokens({
  call,
  apps,
  now,
  toCall = toStableToken,
}: AccessTokensOptions): AccessTokens {
  const states = new Map<string, AppState>();

  function stateOf(appId: string): AppState {
    const state = states.get(appId) ?? { pausedUntil: 0 };
    states.set(appId, state);
    return state;
  }

  function inForce({ held }: AppState): string | undefined {
    return held && now() < held.expiresAt ? held.token : undefined;
  }

  async function load(appId: string, secret: string, state: AppState): Promise<string | undefined> {
    const reply = await call(toCall(appId, secret));
    const answer = reply.ok ? answerSchema.safeParse(reply.data) : undefined;
    if (!answer?.success) {
      const errcode = reply.ok ? undefined : reply.errcode;
      state.pausedUntil = now() + (pauseMs[errcode ?? 0] ?? defaultPauseMs);
      return inForce(state);
    }
    const { access_token: token, expires_in: expiresInSeconds } = answer.data;
    const fetchedAt = now();
    const expiresAt = fetchedAt + expiresInSeconds * 1000;
    state.held = {
      token,
      fetchedAt,
      renewAt: Math.max(expiresAt - overlapMs, fetchedAt + minAgeMs),
      expiresAt,
    };
    return token;
  }

  async function loadOnce(appId: string, state: AppState): Promise<string | undefined> {
    const app = apps.get(appId);
    if (!app || now() < state.pausedUntil) return inForce(state);
    state.pending ??= load(appId, app.secret, state).finally(() => {
      state.pending = undefined;
    });
    return state.pending;
  }

  return {
    async get(appId) {
      const state = stateOf(appId);
      if (state.held && now() < state.held.renewAt) return state.held.token;
      return loadOnce(appId, state);
    },
    async renew(appId, refused) {
      const state = stateOf(appId);
      const { held } = state;
      // Others were refused by the same token, and one of them has renewed it.
      if (held && held.token !== refused) return held.token;
      if (held && now() - held.fetchedAt < minAgeToRenewMs) return held.token;
      return loadOnce(appId, state);
    },
  };
}
