/** Has the user subgraph delete what a person no longer lets a mini-program keep. */
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import type { SubgraphClient, SubgraphTarget } from '../upstream/subgraph-client.ts';
import type { WechatUserEvent } from './wechat/user-event.ts';

const mutation = `mutation ForgetWechatIdentity(
  $eventId: String!, $appId: String!, $openid: String!, $everything: Boolean!, $revokeInfo: [Int!]!
) {
  forgetWechatIdentity(
    eventId: $eventId, appId: $appId, openid: $openid, everything: $everything, revokeInfo: $revokeInfo
  )
}`;

const forgotten = z.object({ forgetWechatIdentity: z.literal(true) });

/** Without harm done twice: the subgraph lets each event have its effect once. @throws SUBGRAPH_UNAVAILABLE */
export async function forgetIdentity(
  subgraphs: SubgraphClient,
  target: SubgraphTarget | undefined,
  { id, appId, openid, revokeInfo }: WechatUserEvent,
  deadlineMs: number,
): Promise<void> {
  const everything = revokeInfo === 'all';
  const variables = { eventId: id, appId, openid, everything, revokeInfo: everything ? [] : revokeInfo };
  const answer =
    target &&
    (await subgraphs.send(target, JSON.stringify({ query: mutation, variables }), {
      caller: { kind: 'service', name: 'gateway' },
      requestId: id,
      idempotencyKey: undefined,
      deadlineMs,
    }));
  if (!forgotten.safeParse(answer?.data).success)
    throw new RequestError('SUBGRAPH_UNAVAILABLE', 'The user service did not do it.', {}, 503);
}
