/** Notes which operation ran, with which error codes it was answered, and what went wrong inside. */
import type { ApolloServerPlugin } from '@apollo/server';
import { isErrorCode } from '../errors.ts';
import type { RequestContext } from '../request-context.ts';

export const observeOperation: ApolloServerPlugin<RequestContext> = {
  async requestDidStart({ contextValue: { outcome } }) {
    return {
      async didResolveOperation({ operationName }) {
        outcome.operationName = operationName ?? undefined;
      },
      async didEncounterErrors({ errors }) {
        outcome.faults = errors
          .filter(({ extensions }) => !isErrorCode(extensions.code))
          .map((error) => error.originalError ?? error);
      },
      async willSendResponse({ response: { body } }) {
        const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
        outcome.codes = errors.map(({ extensions }) => String(extensions?.code));
      },
    };
  },
};
