/** A check's report as text: problems, changes, clients, advice. */
import type { CheckReport, ClientVersion } from '../check/problem.ts';
import type { Say } from './language.ts';
import { toPlainText, toTable } from './output.ts';

const maxAdvice = 10;

export function toReportText(report: CheckReport, environment: string, say: Say): string {
  const { problems, changes, lint, operations, warnings = [] } = report;
  const { checked, broken, grown } = operations;
  const sections: string[] = [];
  if (problems.length > 0)
    sections.push(
      [
        say('problems'),
        ...problems.flatMap(({ code, message, approval }) => [
          `  ${code}  ${message}`,
          ...(approval
            ? [
                say(
                  'approvalBy',
                  approval.owners.join(', '),
                  `minigate approval grant --environment ${environment} "${approval.subject}"`,
                ),
              ]
            : []),
        ]),
      ].join('\n'),
    );
  if (changes.length > 0)
    sections.push(
      `${say('changes')}\n${indent(
        toTable(
          ['', ''],
          changes.map(({ severity, message }) => [say(severity), message]),
        ),
      )}`,
    );
  if (checked > 0)
    sections.push(
      [
        say('clients', checked, broken.length, grown.length),
        ...broken.map(
          ({ operation, versions, reason }) =>
            `  ${say('Breaking')}  ${operation} (${listOf(versions)}): ${reason}`,
        ),
        ...grown.map(
          ({ operation, versions, fetches, cost }) =>
            `  ${say('Dangerous')}  ${operation} (${listOf(versions)}): fetches ${fetches.join(' → ')}, cost ${cost.join(' → ')}`,
        ),
      ].join('\n'),
    );
  if (lint.length > 0)
    sections.push(
      [
        say('lint', lint.length),
        ...lint.slice(0, maxAdvice).map(({ coordinate, message }) => `  ${coordinate}: ${message}`),
        ...(lint.length > maxAdvice ? ['  …'] : []),
      ].join('\n'),
    );
  if (warnings.length > 0) sections.push([say('warnings'), ...warnings.map((one) => `  ${one}`)].join('\n'));
  return toPlainText(sections.join('\n\n'));
}

function listOf(versions: readonly ClientVersion[]): string {
  return versions.map(({ client, version }) => `${client} ${version}`).join(', ');
}

function indent(table: string): string {
  return table
    .split('\n')
    .slice(1)
    .map((line) => `  ${line}`)
    .join('\n');
}
