import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** A draft that nobody wrote to for so long has no writer any more, ms. */
const OLD_DRAFT_MS = 86_400_000;

/**
 * Deletes the least recently used files of a folder above `maxBytes`, and drafts that nobody finishes. A fresh draft stays: another
 * training writes it, and would fail without it.
 */
export async function pruneFolder(folder: string, maxBytes: number, nowMs: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // Another training may have renamed its draft meanwhile.
      const known = await stat(path).catch(() => undefined);
      return { path, size: known?.size ?? 0, usedMs: known?.mtimeMs ?? 0 };
    }),
  );
  let left = 0;
  for (const { path, size, usedMs } of files.toSorted((a, b) => b.usedMs - a.usedMs)) {
    const isSurplus = path.endsWith('.part') ? nowMs - usedMs > OLD_DRAFT_MS : left + size > maxBytes;
    if (isSurplus) await rm(path, { force: true });
    else left += size;
  }
}

/** Notes that a kept file was used now: `pruneFolder` deletes it later than others. */
export async function noteUse(file: string): Promise<void> {
  const now = new Date();
  // A file of another user, or one that is gone, only loses its place.
  await utimes(file, now, now).catch(() => undefined);
}
