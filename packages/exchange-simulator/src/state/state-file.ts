import { closeSync, existsSync, fsyncSync, openSync, realpathSync, renameSync, statSync, writeSync } from 'node:fs';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import type { AccountStart } from '../accounts/account-store.ts';
import { checkOwner, readStateFile, StateContent, type StateEntry, stateHeader } from './state-content.ts';
import { StateLock } from './state-lock.ts';
import { stateText } from './state-text.ts';

/**
 * The file in which the accounts survive the end of the process, also by kill -9. Each operation is one line, written before anybody
 * hears of the operation. It is not flushed to the disk, so a power cut may lose the newest lines.
 */
export class StateFile {
  readonly path: string;
  /** What the file held at the start. */
  readonly content: StateContent;
  readonly #lock: StateLock;
  readonly #header: string;
  #file: number | undefined;
  #failure: Error | undefined;

  private constructor(path: string, content: StateContent, lock: StateLock, header: string) {
    this.path = path;
    this.content = content;
    this.#lock = lock;
    this.#header = header;
  }

  /** Opens a file or prepares a new one; writes nothing yet. @throws HopelessStart if it is not usable, or another exchange uses it */
  static open(given: string, accounts: readonly AccountStart[]): StateFile {
    try {
      // `rewrite` would replace a link, and even a device such as /dev/null, with a new file.
      const path = existsSync(given) ? realpathSync(given) : given;
      if (existsSync(path) && !statSync(path).isFile()) throw new Error('it is not an ordinary file');
      // First without the lock: a file that is something else gets no lock file beside it.
      if (isUsed(path)) checkOwner(path, accounts);
      const lock = StateLock.take(path);
      if (lock === undefined)
        throw new HopelessStart(
          `Another exchange uses ${path}, so nothing was started. Stop that one, or give another file after --state.`,
        );
      const content = isUsed(path) ? readStateFile(path, accounts) : new StateContent();
      return new StateFile(path, content, lock, stateText(stateHeader(accounts)));
    } catch (error) {
      throw explained(error, given);
    }
  }

  /** Replaces the file by these entries, whole or not at all, and keeps it open for `append`. */
  rewrite(entries: Iterable<StateEntry>): void {
    const newPath = `${this.path}.new`;
    try {
      const file = openSync(newPath, 'w', 0o600);
      writeWhole(file, `${this.#header}\n`);
      for (const entry of entries) writeWhole(file, `${stateText(entry)}\n`);
      fsyncSync(file);
      renameSync(newPath, this.path);
      this.#file = file;
    } catch (error) {
      throw explained(error, this.path);
    }
  }

  /** Adds one entry, or only checks that this would work. After a failure every later call fails too, so that the file has no gap. */
  append(entry: StateEntry | undefined): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (entry === undefined) return;
    if (this.#file === undefined) throw new Error(`${this.path} is closed.`);
    try {
      writeWhole(this.#file, `${stateText(entry)}\n`);
    } catch (error) {
      this.#failure = new Error(
        `The exchange cannot write ${this.path} (${String(error)}), so it answers no more. Make room and start it again.`,
        { cause: error },
      );
      this.#close();
      throw this.#failure;
    }
  }

  stop(): void {
    this.#close();
    this.#lock.release();
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** An empty file is as good as none. */
function isUsed(path: string): boolean {
  return existsSync(path) && statSync(path).size > 0;
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

function explained(error: unknown, path: string): Error {
  if (error instanceof HopelessStart) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new HopelessStart(
    `The state file ${path} cannot be used: ${why}. Nothing was started. Check the path after --state and its permissions.`,
    { cause: error },
  );
}
