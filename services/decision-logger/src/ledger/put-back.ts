import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { LedgerUnwritable, ledgerError } from './ledger-errors.ts';
import type { OpenFiles } from './open-files.ts';
import type { SqliteFile } from './sqlite-file.ts';

/**
 * Writes an open ledger, whose files were deleted or replaced, back to its path, and closes it. Files at the path are renamed,
 * not deleted. Nothing changes until the copy is complete.
 * @returns new paths of the files that were there
 * @throws LedgerUnwritable; the ledger then stays open as before
 */
export function putBack(path: string, file: SqliteFile, files: OpenFiles, stamp: string): string[] {
  const draft = `${path}.rescue`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(draft, { force: true });
    file.run('VACUUM INTO ?', draft);
    forceToDisk(draft);
    const aside = files.moveOthersAside(stamp);
    // Closing deletes the log by its name, so a foreign log must be moved away first.
    file.close();
    // SQLite leaves the log of a deleted file behind, and would apply it to the copy, which already contains it.
    for (const part of ['-wal', '-shm']) rmSync(path + part, { force: true });
    renameSync(draft, path);
    return aside;
  } catch (error) {
    const cause = ledgerError(error, path);
    if (cause instanceof LedgerUnwritable) throw cause;
    throw new LedgerUnwritable(path, `it cannot be written back (${String(error)})`, { cause: error });
  }
}

function forceToDisk(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
