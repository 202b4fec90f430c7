import { chmod, lstat, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file by its name in a folder. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** A model is no secret, and signal-engine of a container is another user: owner writes, all read. */
const READABLE = 0o644;

/**
 * Writes files into a folder under temporary names, and then renames them in their order: if one cannot be written, none is
 * exchanged. A symbolic link of such a name is replaced, and its target stays as it was.
 */
export async function exchangeFiles(folder: string, files: readonly NamedText[]): Promise<void> {
  const placed = files.map(({ name, text }) => ({ path: join(folder, name), text }));
  const draftOf = (path: string) => `${path}.${process.pid}.part`;
  try {
    for (const { path } of placed) await refuseFolder(path);
    for (const { path, text } of placed) {
      await writeFile(draftOf(path), text);
      await chmod(draftOf(path), READABLE);
    }
    for (const { path } of placed) await rename(draftOf(path), path);
  } catch (error) {
    for (const { path } of placed) await rm(draftOf(path), { force: true }).catch(() => undefined);
    if (error instanceof Error) error.message += ` (nothing in ${folder} has changed)`;
    throw error;
  }
}

/** A folder of this name would stop the exchange half-way. */
async function refuseFolder(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isDirectory() === true) throw Object.assign(new Error(`EISDIR: ${path} is a folder`), { code: 'EISDIR' });
}
