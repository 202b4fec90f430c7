import { readdir, stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '@helios/shared/runtime/make-folder.ts';
import { HourFile } from './hour-file.ts';

const NAME = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z(?:\.(\d+))?\.jsonl\.gz$/;
/** Several recorders may start within a second. */
const MAX_IN_A_SECOND = 100;
/** A file that changed within this time may be in use by another recorder. */
const IN_USE_MS = 60_000;

/** Limits of a folder of recordings. */
export interface RecordingLimits {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  /** Free space of the disk that the recorder leaves to others. */
  readonly minFreeBytes: number;
}

interface OwnFile {
  readonly path: string;
  /** Begin of the file, epoch ms. */
  readonly fromTs: number;
  readonly bytes: number;
  /** Last change, epoch ms. */
  readonly changedTs: number;
}

/**
 * Creates the file of a recording that begins at `fromTs`, epoch ms, named by that time in UTC. It never overwrites a file. Rejects
 * with the system error.
 */
export async function createRecordingFile(folder: string, fromTs: number): Promise<HourFile> {
  await makeFolder(folder);
  const name = `${new Date(fromTs).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
  for (let i = 1; ; i += 1) {
    try {
      return await HourFile.create(join(folder, `${name}${i === 1 ? '' : `.${i}`}.jsonl.gz`));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || i >= MAX_IN_A_SECOND) throw error;
    }
  }
}

/** The disk has less free space than the recorder leaves to others. */
export class DiskNearlyFull extends Error {
  constructor(folder: string, { minFreeBytes }: RecordingLimits) {
    super(`The disk of ${folder} has less than ${(minFreeBytes / 1e9).toFixed(1)} GB free (recording.min_free_gb).`);
    this.name = 'DiskNearlyFull';
  }
}

/**
 * Deletes the oldest recordings above the limits. It leaves every file with another name, and files that are in use. Returns the
 * deleted paths; rejects with DiskNearlyFull if that does not help, and with the system error.
 * @param now epoch ms
 */
export async function keepWithinLimits(folder: string, limits: RecordingLimits, now: number): Promise<string[]> {
  await makeFolder(folder);
  const files = await ownFiles(folder);
  const { bavail, bsize } = await statfs(folder);
  let freeBytes = bavail * bsize;
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const deleted: string[] = [];
  for (const file of files) {
    const isOver = bytes > limits.maxBytes || freeBytes < limits.minFreeBytes || now - file.fromTs > limits.maxAgeMs;
    if (!isOver) break;
    if (Math.abs(now - file.changedTs) < IN_USE_MS) continue;
    await unlink(file.path);
    deleted.push(file.path);
    bytes -= file.bytes;
    freeBytes += file.bytes;
  }
  if (freeBytes < limits.minFreeBytes) throw new DiskNearlyFull(folder, limits);
  return deleted;
}

/** Our files in the folder, oldest first. */
async function ownFiles(folder: string): Promise<OwnFile[]> {
  const files: (OwnFile & { readonly part: number })[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const [, day, hour, minute, second, part] = NAME.exec(entry.name) ?? [];
    if (day === undefined || !entry.isFile()) continue;
    const path = join(folder, entry.name);
    const { size, mtimeMs } = await stat(path);
    const fromTs = Date.parse(`${day}T${hour}:${minute}:${second}Z`);
    files.push({ path, fromTs, bytes: size, changedTs: mtimeMs, part: Number(part ?? 1) });
  }
  return files.toSorted((a, b) => a.fromTs - b.fromTs || a.part - b.part);
}
