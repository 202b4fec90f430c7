import { chmodSync, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { redisPasswordFile } from './redis-password.ts';

const FOR_OTHERS = 0o077;
const STICKY = 0o1000;

/** Folders that the fleet keeps its files in. */
export interface KeptFolders {
  /** The project's folder. */
  readonly root: string;
  readonly dataDir: string;
  readonly logDir: string;
}

/** Subfolders of the data folder with files of the fleet. The launcher's (`toolchain`, `cache`, …) hold nothing private. */
const OF_DATA = ['ledger', 'redis-data', 'redis-data/appendonlydir'];

/**
 * Makes ledger, Redis' file, logs and their folders the owner's alone: an earlier version left them open to other users. The
 * file of Redis' password keeps its rights: `ensureRedisPassword` replaces a password that others could read.
 * @returns lines for the operator; none where all was private
 */
export function closeToOthers({ root, dataDir, logDir }: KeptFolders): string[] {
  const folders = [dataDir, ...OF_DATA.map((name) => join(dataDir, name)), logDir];
  const counts = { folders: 0, files: 0 };
  const lines: string[] = [];
  for (const folder of folders) {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (!stats?.isDirectory()) continue;
    if (isShared(folder, stats, root)) lines.push(`warning: ${folder} is shared with others; its files are private.`);
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
      `The rights of ${wide.join(' and ')} of this fleet were too wide: they included other users of this machine. Now only the owner has rights.`,
    );
  return lines;
}

/** Not ours alone: a folder for everybody such as /tmp, the home folder, or one that holds the project. */
function isShared(folder: string, { mode }: Stats, root: string): boolean {
  const path = realpathSync(folder);
  return (mode & STICKY) !== 0 || path === homedir() || `${realpathSync(root)}${sep}`.startsWith(`${path}${sep}`);
}

/** True where it was open and is closed now. */
function closed(path: string, { mode }: Stats, lines: string[]): boolean {
  if ((mode & FOR_OTHERS) === 0) return false;
  try {
    chmodSync(path, mode & 0o7700);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Gone meanwhile: a file that Redis or SQLite has just replaced.
    if (code === 'ENOENT') return false;
    lines.push(
      `warning: ${path} can be read by other users, and its mode cannot be changed (${code}). Type: chmod go= ${path}`,
    );
    return false;
  }
}

function numberOf(count: number, what: string): string | undefined {
  return count === 0 ? undefined : `${count} ${what}${count === 1 ? '' : 's'}`;
}
