import { createReadStream, existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 200;

/** The files of a rotated log, oldest first. */
export function logFilesOf(path: string, keep: number): string[] {
  const rotated = Array.from({ length: keep }, (_, index) => `${path}.${keep - index}`);
  return [...rotated, path].filter((file) => existsSync(file));
}

/** A position in a log: the file, and the offset read so far. */
export interface LogPlace {
  readonly inode: number | undefined;
  readonly offset: number;
}

/** The present end of a log. */
export function endOf(path: string): LogPlace {
  const stats = statSync(path, { throwIfNoEntry: false });
  return { inode: stats?.ino, offset: stats?.size ?? 0 };
}

/** Every line of these files in order; reads the last file up to `end`. */
export async function* readLogFiles(files: readonly string[], end: LogPlace): AsyncGenerator<string> {
  for (const file of files) {
    const isLast = endOf(file).inode === end.inode;
    if (isLast && end.offset === 0) continue;
    const input = createReadStream(file, { encoding: 'utf8', ...(isLast ? { end: end.offset - 1 } : {}) });
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  }
}

/** Lines written after `from`, across rotations, until `stop`. Waits for a file that does not exist yet. */
export async function* followLog(path: string, from: LogPlace, stop: AbortSignal): AsyncGenerator<string> {
  let { inode, offset } = from;
  while (!stop.aborted) {
    const now = endOf(path);
    const isRotated = inode !== undefined && now.inode !== undefined && now.inode !== inode;
    // Lines written into the old file before its rotation.
    if (isRotated && endOf(`${path}.1`).inode === inode) yield* (await readWholeLines(`${path}.1`, offset)).lines;
    if (isRotated || now.offset < offset) offset = 0;
    inode = now.inode ?? inode;
    const read = await readWholeLines(path, offset);
    offset = read.end;
    yield* read.lines;
    await pause(POLL_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

/** Complete lines from `offset` on; the next call reads a line that is still incomplete. */
async function readWholeLines(path: string, offset: number): Promise<{ lines: string[]; end: number }> {
  if (endOf(path).offset <= offset) return { lines: [], end: offset };
  const file = await open(path);
  try {
    const size = Math.max(0, (await file.stat()).size - offset);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
    const end = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1;
    return { lines: buffer.toString('utf8', 0, end).split('\n').slice(0, -1), end: offset + end };
  } finally {
    await file.close();
  }
}
