import { existsSync, renameSync, statSync } from 'node:fs';

/** A ledger's parts: the file, SQLite's write-ahead log and its index. */
export const LEDGER_PARTS = ['', '-wal', '-shm'] as const;
type Part = (typeof LEDGER_PARTS)[number];

/** Remembers the files of an open ledger. A deleted or renamed file stays open and accepts writes that nobody can find. */
export class OpenFiles {
  readonly #path: string;
  readonly #opened: ReadonlyMap<Part, string | undefined>;

  /** @param path of a ledger that was opened just now */
  constructor(path: string) {
    this.#path = path;
    this.#opened = new Map(LEDGER_PARTS.map((part) => [part, fileAt(path + part)]));
  }

  /** True if the files at the path are the opened ones. */
  areInPlace(): boolean {
    return LEDGER_PARTS.every((part) => this.#isOurs(part));
  }

  /** Renames foreign files in the place of ours; returns the new paths. */
  moveOthersAside(stamp: string): string[] {
    const others = LEDGER_PARTS.filter((part) => !this.#isOurs(part) && existsSync(this.#path + part));
    return others.map((part) => renamed(this.#path, part, `found-${stamp}`));
  }

  #isOurs(part: Part): boolean {
    return fileAt(this.#path + part) === this.#opened.get(part);
  }
}

/** Renames a log whose ledger is gone: SQLite would apply it to the file that replaces the ledger. */
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
