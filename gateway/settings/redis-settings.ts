/** The settings of the Redis that gateways share. */
import { z } from 'zod';

const sentinelNode = z
  .string()
  .regex(/^(\[[0-9a-f:]+\]|[^:\s]+):\d{1,5}$/i, 'a Sentinel is host:port')
  .transform((text) => {
    const at = text.lastIndexOf(':');
    return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
  });

export const redisSettings = z.strictObject({
  url: z.url().optional().describe('Redis that the gateways share; REDIS_URL sets it too. Else memory.'),
  cluster: z.boolean().default(false).describe('The address is that of one node of a Redis Cluster.'),
  sentinel: z
    .strictObject({
      name: z.string().describe('What the Sentinels call the primary, such as mymaster.'),
      nodes: z.array(sentinelNode).min(1).describe('Sentinels, each as host:port.'),
    })
    .optional()
    .describe(
      'Sentinels that know the primary; of redis.url only user, password, database and TLS count then.',
    ),
  keyPrefix: z.string().default('minigate:').describe('Begins the name of every key.'),
  commandTimeoutMs: z.int().positive().default(50).describe('How long Redis may take.'),
});
