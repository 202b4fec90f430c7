import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { LedgerUnwritable, ledgerError } from './ledger-errors.ts';
import type { OpenFiles } from './open-files.ts';
import type { SqliteFile } from './sqlite-file.ts';

/**
 * Writes a ledger that is still open, and whose files were deleted or exchanged, back to its path, and closes it. What lies
 * there is renamed, not deleted. Until the copy is whole nothing is changed.
 * @returns new paths of what lay there
 * @throws LedgerUnwritable; the ledger is then open as before
 */
export function putBack(path: string, file: SqliteFile, files: OpenFiles, stamp: string): string[] {
  const draft = `${path}.rescue`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(draft, { force: true });
    file.run('VACUUM INTO ?', draft);
    forceToDisk(draft);
    const aside = files.moveOthersAside(stamp);
    // Closing deletes the log by its name: a foreign one must be out of the way by now.
    file.close();
    // SQLite leaves the log of a file that was deleted. It would be played into the copy, which has all of it.
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
