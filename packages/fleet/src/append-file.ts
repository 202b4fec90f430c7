import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readdirSync, readSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Folder and files of an append-only file, as Redis 7 names them. */
const FOLDER = 'appendonlydir';
/** Before version 7 it was one file. */
const SINGLE_FILE = 'appendonly.aof';
const CHUNK = 65_536;

/** One file that was made shorter. */
export interface CutFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Cuts zero bytes off the end of the append-only files in `dataDir`. A power cut leaves them: the file system had made the file
 * longer and not written it yet. Redis takes them for damage and does not start. A sound file never ends so.
 */
export function cutPadding(dataDir: string): CutFile[] {
  return appendFilesIn(dataDir).flatMap((path) => {
    const bytes = cutZeros(path);
    return bytes === 0 ? [] : [{ path, bytes }];
  });
}

/**
 * Moves the append-only files aside, so that Redis starts empty.
 * @returns where they are now; undefined where there are none
 */
export function putAppendFilesAside(dataDir: string, nowMs: number): string | undefined {
  const name = existsSync(join(dataDir, FOLDER)) ? FOLDER : SINGLE_FILE;
  if (!existsSync(join(dataDir, name))) return undefined;
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-');
  const aside = join(dataDir, `${name}.damaged-${stamp}`);
  renameSync(join(dataDir, name), aside);
  return aside;
}

/** True where a server that did not start said that its append-only file is why. */
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

/** Bytes cut off the end. */
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

/** Where the last byte that is not zero ends. */
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
