/** The address on the admin port that tells what is in force, what still runs, and how the source of the schema is. */
import type { FastifyInstance } from 'fastify';

export function registerGenerationRoute(app: FastifyInstance, inspect: () => object): void {
  app.get('/admin/generation', async () => inspect());
}
