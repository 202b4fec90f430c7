import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Deletes the oldest files of a folder above `maxBytes`: kept work that nobody asked for lately. */
export async function pruneFolder(folder: string, maxBytes: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // Another training may have renamed its draft meanwhile.
      const known = await stat(path).catch(() => undefined);
      return { path, size: known?.size ?? 0, changedMs: known?.mtimeMs ?? 0 };
    }),
  );
  let left = 0;
  for (const { path, size } of files.toSorted((a, b) => b.changedMs - a.changedMs)) {
    left += size;
    if (left > maxBytes) await rm(path, { force: true });
  }
}
