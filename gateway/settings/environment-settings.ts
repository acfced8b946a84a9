/** The settings of several environments in one gateway: what each is called in the registry, and which requests are for it. */
import { z } from 'zod';

const environment = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be the name of an environment of the registry, such as release'),
  hosts: z.array(z.string().regex(/^[a-z0-9.-]+$/, 'must be a host in lower case, without port')).default([]),
  envVersions: z
    .array(z.string().regex(/^[\w.-]{1,32}$/, 'must be as wx says it, such as develop, trial or release'))
    .default([]),
  default: z.boolean().default(false),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  copyFile: z.string().optional(),
  internalKey: z.string().min(32).optional(),
});

export type EnvironmentSettings = z.output<typeof environment>;

const most = 16;

export const environmentSettings = z
  .array(environment)
  .max(most)
  .default([])
  .superRefine((environments, context) => {
    const refuse = (index: number, key: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [index, key], message });
    const first = (index: number, values: (one: EnvironmentSettings) => readonly string[]) =>
      values(environments[index] as EnvironmentSettings).find((value) =>
        environments.slice(0, index).some((other) => values(other).includes(value)),
      );
    environments.forEach((one, index) => {
      for (const [key, values] of [
        ['name', ({ name }: EnvironmentSettings) => [name]],
        ['hosts', ({ hosts }: EnvironmentSettings) => hosts],
        ['envVersions', ({ envVersions }: EnvironmentSettings) => envVersions],
        ['default', (other: EnvironmentSettings) => (other.default ? ['default'] : [])],
        ['copyFile', ({ copyFile }: EnvironmentSettings) => (copyFile === undefined ? [] : [copyFile])],
      ] as const) {
        const twice = first(index, values);
        if (twice !== undefined) refuse(index, key, `${twice} is that of another environment`);
      }
      if (one.hosts.length + one.envVersions.length === 0 && !one.default)
        refuse(index, 'hosts', 'needed, or envVersions: no request would be for it');
    });
  })
  .describe(
    'Environments of the registry that are served side by side, in place of `environment`: { name, hosts, envVersions, default, token, tokenFile, copyFile, internalKey }.',
  );
