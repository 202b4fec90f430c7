import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { FEATURE_SET } from '@helios/shared/domain/features.ts';
import { TrainingRow } from '@helios/shared/domain/training-row.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { type CompactRow, compactRow } from './compact-row.ts';
import { impossibleIn } from './impossible-row.ts';

/** A file holds something else than training rows. */
export class UnreadableRows extends HopelessStart {
  constructor(what: string) {
    super(what);
    this.name = 'UnreadableRows';
  }
}

/** Rows of a file, and whether its last line was cut off. */
export interface RowFile {
  readonly rows: readonly CompactRow[];
  readonly isTorn: boolean;
}

/**
 * Reads training rows, one JSON object per line; `.gz` is unpacked. A last line without its end is what a killed writer leaves: it
 * is skipped. Rejects with UnreadableRows for any other line, and with the error of the file system.
 * @param nowMs epoch ms; no row is of a later time
 */
export async function readRowFile(file: string, nowMs: number): Promise<RowFile> {
  const source = createReadStream(file);
  const packed = file.endsWith('.gz') ? source.pipe(createGunzip()) : source;
  source.on('error', (error) => packed.destroy(error));
  const rows: CompactRow[] = [];
  let [line, faulty]: [number, string | undefined] = [0, undefined];
  try {
    for await (const text of createInterface({ input: packed, crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1;
      if (faulty !== undefined) throw new UnreadableRows(faulty);
      const row = rowIn(text, `${file}, line ${line}`, nowMs);
      if (typeof row === 'string') faulty = row;
      else if (row !== undefined) rows.push(row);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR') throw error;
    return { rows, isTorn: true };
  }
  // Only a line that is no JSON can be a torn one.
  if (faulty !== undefined && !faulty.includes('is not JSON')) throw new UnreadableRows(faulty);
  return { rows, isTorn: faulty !== undefined };
}

/** The row of a line; undefined for an empty one; a text that says what is wrong with it. */
function rowIn(text: string, where: string, nowMs: number): CompactRow | string | undefined {
  if (text.trim() === '') return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return `${where} is not JSON. Name files of training rows: one JSON object per line.`;
  }
  const set = (json as { feature_set?: unknown } | null)?.feature_set;
  if (typeof set === 'string' && set !== FEATURE_SET) {
    return `${where} has the feature set ${set}; this version trains on ${FEATURE_SET}. Leave these rows out, or train with the version that wrote them.`;
  }
  const parsed = TrainingRow.safeParse(json);
  const [issue] = parsed.error?.issues ?? [];
  const problem = parsed.success
    ? impossibleIn(parsed.data, nowMs)
    : `${issue?.path.join('.') || 'the object'}: ${issue?.message}`;
  if (parsed.success && problem === undefined) return compactRow(parsed.data);
  return `${where} is no training row: ${problem}. Leave this file out, or delete the line.`;
}
