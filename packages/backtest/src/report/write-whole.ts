import { rmSync } from 'node:fs';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

const drafts = new Set<string>();

/**
 * Writes a report under a temporary name and renames it when it is whole: a run that ends half-way leaves the earlier file as it
 * was. A device such as /dev/stdout is written directly.
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  const known = await stat(file).catch(() => undefined);
  if (known !== undefined && !known.isFile()) return await writeFile(file, text);
  const target = known === undefined ? file : await realpath(file);
  const draft = `${target}.${process.pid}.part`;
  drafts.add(draft);
  try {
    await writeFile(draft, text);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    // A failed write, unlike a failed opening, does not name its file.
    if (error instanceof Error && !error.message.includes(draft)) error.message += ` '${file}'`;
    throw error;
  } finally {
    drafts.delete(draft);
  }
}

/** Removes what is written under a temporary name at this moment; for the end of the process. */
export function removeDrafts(): void {
  for (const draft of drafts) rmSync(draft, { force: true });
}
