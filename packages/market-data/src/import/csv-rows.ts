import { eachLine } from '../line-splitter.ts';
import { readLines } from '../read-lines.ts';
import type { RecordingFault } from '../recording-fault.ts';
import type { CsvFile } from './detect-format.ts';
import type { ForeignBatch, ForeignRow } from './foreign-row.ts';

const MAX_SHOWN = 60;

/** Rows of a CSV file in batches, in constant memory. `onFault` receives lines that are no rows, and damage; reading continues. */
export async function* readCsvRows(
  { file, format, places, hasHeader, symbol }: CsvFile,
  onFault: (fault: RecordingFault) => void,
): AsyncGenerator<ForeignBatch> {
  const reader = format.open(places, symbol);
  let line = 0;
  let isHeader = hasHeader;
  for await (const { lines, damage } of readLines(file)) {
    const rows: ForeignRow[] = [];
    eachLine(lines, (from, end) => {
      line += 1;
      const text = lines.toString('latin1', from, end).trimEnd();
      if (text === '') return;
      if (isHeader) {
        isHeader = false;
        return;
      }
      const row = reader.read(text.split(','), line);
      if (typeof row === 'object') rows.push(row);
      if (typeof row === 'string')
        onFault({ kind: 'BAD_LINE', file, line, detail: `${row}: ${JSON.stringify(text.slice(0, MAX_SHOWN))}` });
    });
    if (rows.length > 0) yield { rows, line };
    if (damage !== undefined) onFault({ ...damage, file, line });
  }
  const rest = reader.rest();
  if (rest !== undefined) yield { rows: [rest], line };
}
