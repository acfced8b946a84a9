/** The address that WeChat pushes messages to. */
import type { FastifyInstance } from 'fastify';
import { RequestError } from '../errors.ts';
import type { MessagePush } from '../identity/wechat/message-push.ts';

const maxMessageBytes = 65_536;

/** One address for all mini-programs, or one for each: `/wx/message/{appId}`. */
export function registerWechatPushRoute(app: FastifyInstance, push: MessagePush): void {
  app.register(async (scope) => {
    // JSON or XML, whatever WeChat labels it; what counts is the signature over what was sealed.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    for (const url of ['/wx/message', '/wx/message/:appId']) {
      const toAppId = (params: unknown): string | undefined => (params as { appId?: string }).appId;
      scope.get(
        url,
        { exposeHeadRoute: false, config: { isForAnyAddress: true, isForAllEnvironments: true } },
        (request, reply) => {
          const echo = push.verifyAddress(toAppId(request.params), request.query);
          return reply.type('text/plain; charset=utf-8').send(echo);
        },
      );
      scope.post(
        url,
        {
          bodyLimit: maxMessageBytes,
          config: { takesAnyMediaType: true, isForAnyAddress: true, isForAllEnvironments: true },
        },
        async (request, reply) => {
          const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
          await push.receive(toAppId(request.params), request.query, body);
          return reply.type('text/plain; charset=utf-8').send('success');
        },
      );
      scope.route({
        method: ['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'],
        url,
        handler: () => {
          throw new RequestError('METHOD_NOT_ALLOWED', 'Send a POST.', { allow: 'GET, POST' });
        },
      });
    }
  });
}
