import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Settings } from '../domain/settings.ts';

/** Size and number of the files, and handlers for disk faults. */
export interface RotatingFileOptions {
  /** Maximum size of a file, bytes; it is rotated before a line would exceed it. */
  readonly maxBytes: number;
  /** Rotated files kept beside it: `name.1` (newest) … `name.<keep>`. */
  readonly keep: number;
  /** Called once per disk fault (disk full, folder not writable), with the cause. Lines are lost meanwhile. */
  readonly onFault: (error: Error) => void;
  /** Called once when writing works again, with the number of lines lost. */
  readonly onRecovered?: (lostLines: number) => void;
}

/** A text file with one writer. */
export interface RotatingFile {
  /** Adds one line; the line break is added here. Never throws and never blocks. Ignored after `close`. */
  write(line: string): void;
  /** Resolves when all lines are on disk or lost. */
  close(): Promise<void>;
}

const MB = 1_048_576;
/** Maximum bytes that wait for a slow disk. Beyond it new lines are lost and counted. */
const MAX_WAITING_BYTES = 4_000_000;
/** Time between two tries after a disk fault, milliseconds. */
const RETRY_MS = 1_000;

/** Rotation of all log files by the settings. */
export function rotationOf(
  system: Pick<Settings['system'], 'log_max_mb' | 'log_keep'>,
): Pick<RotatingFileOptions, 'maxBytes' | 'keep'> {
  return { maxBytes: system.log_max_mb * MB, keep: system.log_keep };
}

/** Opens a size-rotated text file, and creates its folder. A disk fault loses lines but does not stop the process. */
export function openRotatingFile(path: string, options: RotatingFileOptions): RotatingFile {
  let waiting: string[] = [];
  let waitingBytes = 0;
  let lost = 0;
  let failingSince: number | undefined;
  let draining: Promise<void> | undefined;
  let closed = false;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      waitingBytes = 0;
      await append(batch);
    }
  }

  async function append(lines: string[]): Promise<void> {
    let done = 0;
    try {
      while (done < lines.length) done += await appendWhatFits(path, lines.slice(done), options);
      if (failingSince !== undefined) recovered();
    } catch (error) {
      failed(lines.length - done, error);
    }
  }

  function failed(lines: number, error: unknown): void {
    lost += lines;
    const first = failingSince === undefined;
    failingSince = Date.now();
    if (first) options.onFault(error instanceof Error ? error : new Error(String(error)));
  }

  function recovered(): void {
    const lines = lost;
    failingSince = undefined;
    lost = 0;
    options.onRecovered?.(lines);
  }

  return {
    write(line) {
      if (closed) return;
      const resting = failingSince !== undefined && Math.abs(Date.now() - failingSince) < RETRY_MS;
      if (resting || waitingBytes > MAX_WAITING_BYTES) {
        lost += 1;
        return;
      }
      waiting.push(line);
      waitingBytes += line.length;
      draining ??= drain().finally(() => {
        draining = undefined;
      });
    },
    async close() {
      closed = true;
      await draining;
    },
  };
}

/** Writes as many of `lines` as fit, and returns their number; 0 after a rotation. Never writes part of a line. */
async function appendWhatFits(path: string, lines: readonly string[], options: RotatingFileOptions): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  // Opened for each batch, so that a moved or deleted file is created again.
  const file = await open(path, 'a');
  try {
    const { size } = await file.stat();
    const { text, count } = fill(lines, options.maxBytes - size);
    if (count === 0 && size > 0) {
      await rotate(path, options.keep);
      return 0;
    }
    const content = count === 0 ? `${lines[0]}\n` : text;
    try {
      await file.appendFile(content);
    } catch (error) {
      // Truncating may fail too (a device); the write error is the one to report.
      await file.truncate(size).catch(() => undefined);
      throw error;
    }
    return Math.max(1, count);
  } finally {
    await file.close();
  }
}

function fill(lines: readonly string[], room: number): { text: string; count: number } {
  let text = '';
  let bytes = 0;
  let count = 0;
  for (const line of lines) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > room) break;
    text += `${line}\n`;
    count += 1;
  }
  return { text, count };
}

async function rotate(path: string, keep: number): Promise<void> {
  await rm(`${path}.${keep}`, { force: true });
  for (let age = keep - 1; age >= 1; age -= 1) await renameIfThere(`${path}.${age}`, `${path}.${age + 1}`);
  await renameIfThere(path, `${path}.1`);
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
