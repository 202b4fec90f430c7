import type { ReportTable } from './group-rows.ts';

/** Columns of the terminal that a report fills at most. */
export const TEXT_WIDTH = 100;

/** Lines of a table whose first column is text. */
export function tableLines({ title, columns, rows }: ReportTable): string[] {
  const widths = columns.map((name, index) => Math.max(name.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const isWide = widths.reduce((sum, width) => sum + width + 2, 0) > TEXT_WIDTH;
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, index) =>
      index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
    );
    return `  ${padded.join(isWide ? ' ' : '  ')}`.trimEnd();
  };
  return [title, line(columns), ...rows.map(line)];
}

/** Breaks a text at spaces; later lines are indented as far as the first. */
export function wrapped(text: string, start = ''): string[] {
  const lines: string[] = [];
  let line = start;
  for (const word of text.split(' ')) {
    const isFull = line.length + word.length > TEXT_WIDTH && line.trim() !== '';
    if (isFull) lines.push(line.trimEnd());
    line = isFull ? `${' '.repeat(start.length)}${word} ` : `${line}${word} `;
  }
  return [...lines, line.trimEnd()];
}
