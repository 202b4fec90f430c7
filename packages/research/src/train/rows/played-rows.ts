import { createHash } from 'node:crypto';
import { createWriteStream, rmSync } from 'node:fs';
import { access, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { TrainingRow } from '@helios/shared/domain/training-row.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { noteUse } from '../prune-folder.ts';
import { throwIfStopped } from '../stop.ts';
import { type CompactRow, compactRow } from './compact-row.ts';
import { readRowFile } from './read-row-file.ts';

/** Rows of one run over market data, kept in a folder under the hash of all that decides them. */
export interface PlayedRows {
  readonly folder: string;
  /** What decides the rows: code, files, settings. */
  readonly key: unknown;
  readonly play: () => AsyncIterable<TrainingRow>;
  readonly signal: AbortSignal;
}

/** The system has no room for a file: the disk, the quota of the user, or the limit of a file's size. */
const FULL_CODES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * The rows of a run: kept ones, or played now and kept. Rejects with TrainingStopped, with HopelessStart on a full disk, and as
 * `play`.
 */
export async function playedRows({ folder, key, play, signal }: PlayedRows): Promise<readonly CompactRow[]> {
  const name = createHash('sha256').update(JSON.stringify(key)).digest('hex');
  const file = join(folder, `${name}.jsonl.gz`);
  if (await exists(file)) {
    const kept = await readRowFile(file, Number.POSITIVE_INFINITY).catch(() => undefined);
    // A damaged file is played again.
    if (kept !== undefined && !kept.isTorn) {
      await noteUse(file);
      return kept.rows;
    }
  }
  const draft = `${file}.${process.pid}.part`;
  const rows: CompactRow[] = [];
  const discard = () => rmSync(draft, { force: true });
  signal.addEventListener('abort', discard, { once: true });
  async function* lines() {
    for await (const row of play()) {
      throwIfStopped(signal);
      rows.push(compactRow(row));
      yield `${JSON.stringify(row)}\n`;
    }
  }
  try {
    await mkdir(dirname(file), { recursive: true });
    await pipeline(Readable.from(lines()), createGzip({ level: 1 }), createWriteStream(draft));
    await rename(draft, file);
  } catch (error) {
    discard();
    if (!FULL_CODES.has(String((error as NodeJS.ErrnoException).code))) throw error;
    throw new HopelessStart(fullDiskText(folder, (error as Error).message));
  } finally {
    signal.removeEventListener('abort', discard);
  }
  return rows;
}

function fullDiskText(folder: string, problem: string): string {
  return [
    `The training ends, because the disk is full: the candidates that it plays are kept in ${folder} (${problem}).`,
    'The former model has not changed, and all rows and steps kept so far stay.',
    'Free space there, then run the same command again: it goes on from what is kept. To keep them on another disk, put',
    'SYSTEM_DATA_DIR=FOLDER before this command alone: then it begins from the start.',
    `Files in ${folder} may be deleted: a training that needs them plays their candidates again.`,
  ].join('\n');
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
