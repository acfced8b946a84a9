/** How `minigate` answers: text for people, and with `--json` one envelope whose shape stays the same. */

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly [detail: string]: unknown;
}

/** What a command failed by; `exitCode` 1 is for a check that did not pass, 2 for usage, settings and network. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly failure: Failure;
  readonly exitCode: 1 | 2;

  constructor(failure: Failure, exitCode: 1 | 2) {
    super(failure.message);
    this.failure = failure;
    this.exitCode = exitCode;
  }
}

export function printSuccess(data: object): void {
  process.stdout.write(`${JSON.stringify({ ok: true, data })}\n`);
}

export function printFailure(failure: Failure, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify({ ok: false, error: failure })}\n`);
  else process.stderr.write(`${toPlainText(failure.message)}\n`);
}

export function printText(text: string): void {
  process.stdout.write(`${toPlainText(text)}\n`);
}

/** What teams write reaches the terminals of others: escape sequences and marks that turn text around are shown, not obeyed. */
export function toPlainText(text: string): string {
  return text.replaceAll(
    /[^\P{C}\n\t]|[\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Columns as wide as what they hold; a Chinese character takes two places. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => toPlainText(cell).replaceAll(/\s+/g, ' ')));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? ''))));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function widthOf(text: string): number {
  return [...text].reduce(
    (width, character) => width + (/[\u1100-\u115f\u2e80-\uffdc]/u.test(character) ? 2 : 1),
    0,
  );
}
