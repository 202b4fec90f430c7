import { existsSync, renameSync, statSync } from 'node:fs';

/** A ledger's parts: the file, SQLite's write-ahead log and its index. */
export const LEDGER_PARTS = ['', '-wal', '-shm'] as const;
type Part = (typeof LEDGER_PARTS)[number];

/** Remembers which files a ledger was opened on. A deleted or renamed file stays open and takes writes that nobody finds. */
export class OpenFiles {
  readonly #path: string;
  readonly #opened: ReadonlyMap<Part, string | undefined>;

  /** @param path of a ledger that was opened just now */
  constructor(path: string) {
    this.#path = path;
    this.#opened = new Map(LEDGER_PARTS.map((part) => [part, fileAt(path + part)]));
  }

  /** The parts at the path are the files that were opened. */
  areInPlace(): boolean {
    return LEDGER_PARTS.every((part) => this.#isOurs(part));
  }

  /** Renames what lies in the place of our files and is not ours; returns the new paths. */
  moveOthersAside(stamp: string): string[] {
    const others = LEDGER_PARTS.filter((part) => !this.#isOurs(part) && existsSync(this.#path + part));
    return others.map((part) => renamed(this.#path, part, `found-${stamp}`));
  }

  #isOurs(part: Part): boolean {
    return fileAt(this.#path + part) === this.#opened.get(part);
  }
}

/** A log whose ledger is gone would be played into the file that is put in its place: it is renamed. */
export function moveOrphansAside(path: string, stamp: string): string[] {
  const orphans = (['-wal', '-shm'] as const).filter((part) => existsSync(path + part));
  return orphans.map((part) => renamed(path, part, `orphan-${stamp}`));
}

function renamed(path: string, part: Part, word: string): string {
  const target = `${path.replace(/\.sqlite$/, '')}.${word}.sqlite${part}`;
  renameSync(path + part, target);
  return target;
}

function fileAt(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
}
