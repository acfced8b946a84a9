/** The addresses by which pages of the back office log in, learn who is logged in, and log out. */
import type { FastifyInstance } from 'fastify';
import type { Staff } from '../identity/staff.ts';

const path = '/auth/oidc/session';

export function registerStaffRoutes(app: FastifyInstance, staff: Staff): void {
  app.post(path, async ({ body }, reply) => {
    const { cookie, ...answer } = await staff.logIn(body);
    return reply.header('set-cookie', cookie).send(answer);
  });
  app.get(path, ({ headers }) => staff.whoIs(headers));
  app.delete(path, async ({ headers }, reply) => {
    await staff.logOut(headers);
    return reply.code(204).header('set-cookie', staff.clearedCookie).send();
  });
}
