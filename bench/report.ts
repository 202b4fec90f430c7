/** One row of the bench's table. `floor`: the figure of the idle chain in the same run. `aim`: the target of the design. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: number;
  readonly aim?: string;
}

/** Prints rows as a table with aligned columns. */
export function printTable(rows: readonly Row[]): void {
  const lines = [['what', 'measured', 'floor', 'ratio', 'aim'], ...rows.map(cells)];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  for (const line of lines) {
    console.log(
      line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    );
  }
}

function cells(row: Row): string[] {
  const { floor } = row;
  return [
    row.what,
    `${figure(row.value)} ${row.unit}`,
    floor === undefined ? '' : `${figure(floor)} ${row.unit}`,
    floor === undefined ? '' : `${(row.value / floor).toFixed(2)} ×`,
    row.aim ?? '',
  ];
}

function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 1_000) return Math.round(value).toLocaleString('en');
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
