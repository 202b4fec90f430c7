import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readdirSync, readSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the append-only files, as Redis 7 names it. */
const FOLDER = 'appendonlydir';
/** Redis before version 7 wrote a single file. */
const SINGLE_FILE = 'appendonly.aof';
const CHUNK = 65_536;

/** One file that was cut. */
export interface CutFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Cuts zero bytes off the end of the append-only files in `dataDir`. A power cut leaves such bytes: the file system extended the
 * file but did not write the data. Redis treats them as damage and does not start. An intact file never ends in zero bytes.
 */
export function cutPadding(dataDir: string): CutFile[] {
  return appendFilesIn(dataDir).flatMap((path) => {
    const bytes = cutZeros(path);
    return bytes === 0 ? [] : [{ path, bytes }];
  });
}

/**
 * Moves the append-only files aside, so that Redis starts empty.
 * @returns their new place; undefined if there are none
 */
export function putAppendFilesAside(dataDir: string, nowMs: number): string | undefined {
  const name = existsSync(join(dataDir, FOLDER)) ? FOLDER : SINGLE_FILE;
  if (!existsSync(join(dataDir, name))) return undefined;
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-');
  const aside = join(dataDir, `${name}.damaged-${stamp}`);
  renameSync(join(dataDir, name), aside);
  return aside;
}

/** True if a server that did not start named its append-only file as the reason. */
export function isAppendFileFault(said: readonly string[]): boolean {
  return said.some(
    (line) =>
      /append only file|AOF/i.test(line) &&
      /bad file format|unrecoverable|corrupt|fatal error|unexpected end/i.test(line),
  );
}

function appendFilesIn(dataDir: string): string[] {
  const single = join(dataDir, SINGLE_FILE);
  const folder = join(dataDir, FOLDER);
  const parts = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.incr.aof')) : [];
  return [...(existsSync(single) ? [single] : []), ...parts.map((name) => join(folder, name))];
}

/** Cuts the zero bytes and returns their number. */
function cutZeros(path: string): number {
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    const end = endOfData(file, size);
    if (end < size) ftruncateSync(file, end);
    return size - end;
  } finally {
    closeSync(file);
  }
}

/** Offset after the last byte that is not zero. */
function endOfData(file: number, size: number): number {
  const chunk = Buffer.alloc(CHUNK);
  for (let end = size; end > 0; ) {
    const from = Math.max(0, end - CHUNK);
    const read = readSync(file, chunk, 0, end - from, from);
    const last = chunk.subarray(0, read).findLastIndex((byte) => byte !== 0);
    if (last >= 0) return from + last + 1;
    end = from;
  }
  return 0;
}
