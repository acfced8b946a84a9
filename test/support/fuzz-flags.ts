/** Reads the flags of a long comparison, such as `npm run fuzz -- --seed 2`. */
import { parseArgs } from 'node:util';

type Value = number | string | boolean;

type Flags<Defaults> = {
  readonly [Name in keyof Defaults]: Defaults[Name] extends number
    ? number
    : Defaults[Name] extends boolean
      ? boolean
      : string;
};

/**
 * The defaults say which flags there are and of what kind. `--help` ends the program with its usage and 0; a flag that is not
 * there, and a number that is none, with the reason, the usage and 2.
 */
export function readFuzzFlags<const Defaults extends Readonly<Record<string, Value>>>(
  script: string,
  defaults: Defaults,
): Flags<Defaults> {
  const usage = `Usage: npm run ${script} -- ${Object.entries(defaults).map(toUsage).join(' ')}\n`;
  try {
    const values: Readonly<Record<string, unknown>> = parseArgs({
      options: {
        help: { type: 'boolean' },
        ...Object.fromEntries(
          Object.entries(defaults).map(([name, value]) => [
            name,
            { type: typeof value === 'boolean' ? ('boolean' as const) : ('string' as const) },
          ]),
        ),
      },
    }).values;
    if (values.help) {
      process.stdout.write(usage);
      process.exit();
    }
    return Object.fromEntries(
      Object.entries(defaults).map(([name, value]) => [name, toValue(name, values[name] ?? value, value)]),
    ) as Flags<Defaults>;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

function toUsage([name, value]: readonly [string, Value]): string {
  return typeof value === 'boolean' ? `[--${name}]` : `[--${name} ${value}]`;
}

function toValue(name: string, given: unknown, kind: Value): Value {
  if (typeof kind !== 'number') return given as Value;
  const number = Number(given);
  if (!Number.isFinite(number)) throw new RangeError(`--${name} takes a number, not ${given}.`);
  return number;
}
