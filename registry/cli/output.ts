/** How `minigate` answers: text for people, and with `--json` one envelope whose shape stays the same. */
import type { CompositionProblem } from '../compose.ts';

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly problems?: readonly CompositionProblem[];
}

const jsonVersion = '1';

export function printSuccess(data: object): void {
  process.stdout.write(
    `${JSON.stringify({ json_version: jsonVersion, data: { success: true, ...data }, error: null })}\n`,
  );
}

export function printFailure(failure: Failure, json: boolean): void {
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ json_version: jsonVersion, data: { success: false }, error: failure })}\n`,
    );
  } else {
    process.stderr.write(`${failure.message}\n`);
  }
}
