/** Writes an explanation for people: a line for each field, with the rules that decided it. */
import type { ExplainedField, ExplainedRule } from './explain.ts';

export function toTable(fields: readonly ExplainedField[]): string {
  const rows = fields.map(({ path, decision, rules }) => {
    const deciding = rules.filter((rule) => rule.decision === decision);
    return [path, decision, summarise(decision === 'allow' ? deciding : deciding.slice(0, 1))] as const;
  });
  const width = Math.max(5, ...rows.map(([path]) => path.length)) + 2;
  return [['field', 'decision', 'rule'] as const, ...rows]
    .map(([path, decision, rule]) => `${path.padEnd(width)}${decision.padEnd(10)}${rule}`)
    .join('\n');
}

function summarise(rules: readonly ExplainedRule[]): string {
  const told = rules.filter(({ rule }) => rule !== 'allow');
  if (told.length === 0) return 'allow';
  return told.map(({ rule, coordinate, source }) => `${rule} (${source}, ${coordinate})`).join('; ');
}
