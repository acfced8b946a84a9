/** Writes rows as a Markdown table that also reads well as it is. */

/** The first line holds the titles, the first column names; all other cells are aligned to the right. */
export function toTable(lines: readonly (readonly string[])[]): string {
  const [titles = [], ...rows] = lines;
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [titles, rule, ...rows].map((line) => toLine(line, widths)).join('\n');
}

function toLine(cells: readonly string[], widths: readonly number[]): string {
  const padded = widths.map((width, column) => {
    const cell = cells[column] ?? '';
    return column === 0 ? cell.padEnd(width) : cell.padStart(width);
  });
  return `| ${padded.join(' | ')} |`;
}
