/** Roles and permissions as data: what a file may say, and what a policy module may export. */
import { z } from 'zod';
import { StartupError } from '../startup-error.ts';

const name = z.string().regex(/^[^\s,]+$/, 'a name without spaces and commas');

const rolesSchema = z.record(
  name,
  z.strictObject({
    level: z.int().positive().describe('A role includes those of lower levels.'),
    permissions: z.array(name).default([]).describe('What the role adds.'),
  }),
);

const permissionsSchema = z.record(
  name,
  z.array(z.string().regex(/^[A-Za-z_]\w*(\.(\*|[A-Za-z_]\w*))?$/, '`Type`, `Type.field` or `Type.*`')),
);

const accessDataSchema = z.strictObject({
  roles: rolesSchema.optional(),
  permissions: permissionsSchema.optional(),
});

export type AccessData = z.output<typeof accessDataSchema>;

/** @param source where it stands, for the message @throws StartupError that lists every problem with its path */
export function parseAccessData(input: unknown, source: string): AccessData {
  const data = accessDataSchema.safeParse(input);
  if (data.success) return data.data;
  const problems = data.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new StartupError(`The roles and permissions of ${source} have problems.\n${problems.join('\n')}`);
}
