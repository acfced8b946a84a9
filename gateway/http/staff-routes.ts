/** The addresses by which pages of the back office log in, learn who is logged in, and log out. */
import type { FastifyInstance } from 'fastify';
import type { Rates } from '../demand/rates.ts';
import type { Staff } from '../identity/staff.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { counted, createChargeLogin, toLoginRequest } from './auth-routes.ts';
import { createChargeSession } from './charge-session.ts';

export interface StaffRoutesParts {
  readonly staff: Staff;
  readonly metrics: Pick<Metrics, 'countLogin'>;
  readonly rates: Pick<Rates, 'chargeLogin' | 'chargeSession'>;
}

const path = '/auth/oidc/session';

export function registerStaffRoutes(app: FastifyInstance, { staff, metrics, rates }: StaffRoutesParts): void {
  const chargeLogin = createChargeLogin(rates.chargeLogin);
  const chargeSession = createChargeSession(rates.chargeSession);
  app.post(path, (request, reply) =>
    counted(metrics.countLogin, async () => {
      await chargeLogin(request);
      const { cookie, ...answer } = await staff.logIn(toLoginRequest(request));
      return reply.header('set-cookie', cookie).send(answer);
    }),
  );
  app.get(path, async (request) => {
    await chargeSession('lookups', request, staff.claimsOf(request.headers));
    return staff.whoIs(request.headers, request.environment.scope);
  });
  app.delete(path, async (request, reply) => {
    await chargeSession('logouts', request, staff.claimsOf(request.headers));
    await staff.logOut(request.headers);
    return reply.code(204).header('set-cookie', staff.clearedCookie).send();
  });
}
