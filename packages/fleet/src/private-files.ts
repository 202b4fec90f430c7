import { chmodSync, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { redisPasswordFile } from './redis-password.ts';

const FOR_OTHERS = 0o077;
const STICKY = 0o1000;

/** Folders with the fleet's files. */
export interface KeptFolders {
  /** The project's folder. */
  readonly root: string;
  readonly dataDir: string;
  readonly logDir: string;
}

/** Subfolders of the data folder with the fleet's files. The launcher's folders (`toolchain`, `cache`, …) hold nothing private. */
const OF_DATA = ['ledger', 'redis-data', 'redis-data/appendonlydir'];

/**
 * Gives access to the ledger, Redis' file, the logs and their folders to the owner only: an earlier version left them open to other
 * users. Leaves the password file of Redis alone: `ensureRedisPassword` replaces a password that others could read.
 * @returns lines for the operator; none if all files were private
 */
export function closeToOthers({ root, dataDir, logDir }: KeptFolders): string[] {
  const folders = [dataDir, ...OF_DATA.map((name) => join(dataDir, name)), logDir];
  const counts = { folders: 0, files: 0 };
  const lines: string[] = [];
  for (const folder of folders) {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (!stats?.isDirectory()) continue;
    if (isShared(folder, stats, root)) lines.push(`warning: other users share ${folder}; the files in it are private.`);
    else if (closed(folder, stats, lines)) counts.folders += 1;
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (path === redisPasswordFile(dataDir)) continue;
      const file = lstatSync(path, { throwIfNoEntry: false });
      if (file?.isFile() && closed(path, file, lines)) counts.files += 1;
    }
  }
  const wide = [numberOf(counts.folders, 'folder'), numberOf(counts.files, 'file')].filter(
    (part) => part !== undefined,
  );
  if (wide.length > 0)
    lines.unshift(
      `Other users of this machine had access to ${wide.join(' and ')} of this fleet. Now only the owner has access.`,
    );
  return lines;
}

/** True for a folder that holds more than our files: a sticky one such as /tmp, the home folder, or one that holds the project. */
function isShared(folder: string, { mode }: Stats, root: string): boolean {
  const path = realpathSync(folder);
  return (mode & STICKY) !== 0 || path === homedir() || `${realpathSync(root)}${sep}`.startsWith(`${path}${sep}`);
}

/** Closes a path to other users. True if it was open. */
function closed(path: string, { mode }: Stats, lines: string[]): boolean {
  if ((mode & FOR_OTHERS) === 0) return false;
  try {
    chmodSync(path, mode & 0o7700);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Redis or SQLite has just replaced the file.
    if (code === 'ENOENT') return false;
    lines.push(
      `warning: other users can read ${path}, and Helios cannot change its mode (${code}). Type: chmod go= ${path}`,
    );
    return false;
  }
}

function numberOf(count: number, what: string): string | undefined {
  return count === 0 ? undefined : `${count} ${what}${count === 1 ? '' : 's'}`;
}
