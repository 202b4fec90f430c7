import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Number of replay ledgers to keep, newest first. */
const REPLAYS_KEPT = 20;
const MAX_SLUG = 80;

/** Identifies a ledger. A replay has one per session: it starts empty. */
export interface LedgerPlace {
  readonly dataDir: string;
  readonly run: string;
  readonly session: string;
  readonly isReplay: boolean;
}

/** The label of a run as part of a file name. A long label is cut; a hash of the whole makes it unique. */
export function slugOf(label: string): string {
  const slug = label
    .replace(/[^A-Za-z0-9._]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  if (slug.length <= MAX_SLUG && slug !== '') return slug;
  return `${slug.slice(0, MAX_SLUG)}-${createHash('sha256').update(label).digest('hex').slice(0, 8)}`;
}

/** Path of a ledger; creates its folder if missing. */
export function ledgerPath({ dataDir, run, session, isReplay }: LedgerPlace): string {
  const folder = join(dataDir, 'ledger');
  mkdirSync(folder, { recursive: true });
  // A slug never has two hyphens in a row: they mark the ledger of a replay.
  return join(folder, isReplay ? `${slugOf(run)}--${slugOf(session)}.sqlite` : `${slugOf(run)}.sqlite`);
}

/** Folder of the training rows that belong to a ledger. */
export function rowsFolder(path: string): string {
  return path.replace(/\.sqlite$/, '.rows');
}

/** Deletes replay ledgers beyond the newest twenty; returns their paths. Keeps the ledger at `current`. */
export function removeOldReplays(dataDir: string, current: string): string[] {
  const folder = join(dataDir, 'ledger');
  const replays = readdirSync(folder)
    .filter((name) => name.includes('--') && name.endsWith('.sqlite'))
    .map((name) => join(folder, name))
    .filter((path) => path !== current)
    .map((path) => ({ path, changedMs: statSync(path).mtimeMs }))
    .sort((a, b) => b.changedMs - a.changedMs);
  const old = replays.slice(REPLAYS_KEPT - 1).map(({ path }) => path);
  for (const path of old) {
    for (const part of ['', '-wal', '-shm']) rmSync(path + part, { force: true });
    rmSync(rowsFolder(path), { recursive: true, force: true });
  }
  return old;
}

/**
 * Renames a closed ledger in its folder; returns the new path. Its log is moved first, because a log without its file is useless.
 */
export function moveAside(path: string, stamp: string): string {
  const target = path.replace(/\.sqlite$/, `.reset-${stamp}.sqlite`);
  if (existsSync(target)) throw new Error(`${target} is there already`);
  for (const part of ['-wal', '-shm', '']) if (existsSync(path + part)) renameSync(path + part, target + part);
  return target;
}

/** Names a reset by its time, as part of a file name: `20261128T205900123Z`. */
export const resetStamp = (nowMs: number): string => new Date(nowMs).toISOString().replace(/[-:.]/g, '');
