/** Notes which operation ran and with which error codes it was answered. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from '../request-context.ts';

export const observeOperation: ApolloServerPlugin<RequestContext> = {
  async requestDidStart({ contextValue: { outcome } }) {
    return {
      async didResolveOperation({ operationName }) {
        outcome.operationName = operationName ?? undefined;
      },
      async willSendResponse({ response: { body } }) {
        const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
        outcome.codes = errors.map(({ extensions }) => String(extensions?.code));
      },
    };
  },
};
