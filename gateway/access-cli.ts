/** Explains what a role may ask: `npx minigate access explain --role USER operation.graphql`. Exit 0 allowed, 1 not, 2 usage. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { buildSchema, getOperationAST, parse, validate } from 'graphql';
import { compileAccessRules } from './access/create-access.ts';
import { explainOperation, worst } from './access/explain.ts';
import { toTable } from './access/explain-table.ts';
import { loadPolicy } from './access/load-policy.ts';
import type { Policy } from './access/policy.ts';
import { coerceVariables } from './operation/variables.ts';
import { createPlanner } from './planning/planner.ts';
import { grantsOf, guest, type Principal } from './principal.ts';
import { StartupError } from './startup-error.ts';
import { loadSupergraph } from './supergraph/load-supergraph.ts';

const usage = `Usage: minigate access explain [options] <operation.graphql, or - for standard input>

  --role <role>         who asks; default: a guest
  --user <id>           the user's id, for rules on arguments; default: me
  --supergraph <file>   the composed supergraph
  --policy <file>       the policy module
  --access <file>       roles and permissions in place of the policy's
  --operation <name>    which operation of the document
  --variables <json>    its variables
  --json                one JSON object instead of a table

Example:
  echo 'mutation { closeShop { open } }' | minigate access explain --role USER -
`;

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...{
        role: { type: 'string' },
        user: { type: 'string', default: 'me' },
        supergraph: { type: 'string' },
      },
      ...{ policy: { type: 'string' }, access: { type: 'string' }, operation: { type: 'string' } },
      ...{ variables: { type: 'string', default: '{}' }, json: { type: 'boolean', default: false } },
    },
  });
  const [command, file] = positionals;
  const { supergraph, ...others } = values;
  if (command !== 'explain' || file === undefined || supergraph === undefined) throw new StartupError(usage);
  return { ...others, supergraph, file, variables: JSON.parse(values.variables) as Record<string, unknown> };
}

function toPrincipal(role: string | undefined, userId: string, { roles }: Policy): Principal {
  if (role === undefined || role === 'guest') return guest;
  if (!Object.hasOwn(roles, role))
    throw new StartupError(`There is no role ${role}; the policy has ${Object.keys(roles).join(', ')}.`);
  return {
    kind: 'user',
    userId,
    roles: [role],
    sessionId: '',
    appId: '',
    loggedInAt: 0,
    ...grantsOf(roles, [role]),
  };
}

async function loadSchema(supergraphSdl: string) {
  const planner = await createPlanner({ supergraphSdl, timeoutMs: 1_000, maxQueued: 1, maxHeapMb: 512 });
  await planner.close();
  return buildSchema(planner.apiSchemaSdl, { assumeValid: true });
}

async function explain(): Promise<boolean> {
  const given = readArguments();
  const policy = await loadPolicy({ policy: given.policy, file: given.access });
  const supergraphSdl = await loadSupergraph(given.supergraph);
  const schema = await loadSchema(supergraphSdl);
  const document = parse(given.file === '-' ? await text(process.stdin) : await readFile(given.file, 'utf8'));
  const [problem] = validate(schema, document);
  if (problem) throw new StartupError(`${given.file} does not fit the schema: ${problem.message}`);
  const operation = getOperationAST(document, given.operation);
  if (!operation) throw new StartupError(`${given.file} has several operations; name one by --operation.`);
  const rules = compileAccessRules({ supergraph: parse(supergraphSdl), schema, policy });
  const fields = await explainOperation({
    ...{ schema, rules, roles: policy.roles, document, operation, ruleTimeoutMs: 1_000 },
    variables: coerceVariables(schema, operation, given.variables),
    principal: toPrincipal(given.role, given.user, policy),
  });
  const decision = worst(fields);
  const role = given.role ?? 'guest';
  const isAllowed = decision === 'allow';
  const verdict = `${role}: ${decision}`;
  const told = { role, decision, fields };
  if (!given.json) process.stdout.write(`${toTable(fields)}\n\n${verdict}\n`);
  else if (isAllowed) printEnvelope({ ok: true, data: told });
  else printEnvelope({ ok: false, error: { code: 'NOT_ALLOWED', message: verdict, ...told } });
  return isAllowed;
}

/** As the other commands of `minigate` answer. */
function printEnvelope(envelope: {
  readonly ok: boolean;
  readonly data?: object;
  readonly error?: object;
}): void {
  process.stdout.write(`${JSON.stringify(envelope)}\n`);
}

if (process.argv.includes('--help')) process.stdout.write(usage);
else await run();

async function run(): Promise<void> {
  try {
    process.exitCode = (await explain()) ? 0 : 1;
  } catch (error) {
    const { message } = error as Error;
    if (process.argv.includes('--json'))
      printEnvelope({ ok: false, error: { code: 'NOT_EXPLAINED', message } });
    else process.stderr.write(`${message}\n`);
    process.exitCode = 2;
  }
}
