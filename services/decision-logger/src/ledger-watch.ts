import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ledger } from './ledger/ledger.ts';
import { LedgerUnwritable } from './ledger/ledger-errors.ts';
import { resetStamp } from './ledger/ledger-file.ts';
import { describeUnwritable, type LedgerTroubles, type Trouble } from './ledger-troubles.ts';

interface Options {
  readonly ledger: Pick<Ledger, 'path' | 'place' | 'putBack'>;
  readonly troubles: LedgerTroubles;
  /** Why the ledger rejected the last record; undefined if it accepted it. */
  readonly refusal: () => string | undefined;
  readonly wallNow: () => number;
  readonly log: Logger;
}

/** Checks whether the path of the ledger still leads to the open file, and writes the file back if not. */
export class LedgerWatch {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Checks once. @throws if the content was overwritten: the next start examines the rest. */
  async look(): Promise<void> {
    const { troubles } = this.#options;
    const trouble = this.#judge();
    troubles.set(trouble);
    await troubles.show();
    if (trouble?.code === 'OVERWRITTEN') throw new Error(trouble.message);
  }

  /** Before the ledger is closed, writes it back if it exists only as an open file. */
  end(): void {
    if (this.#options.ledger.place() === 'MOVED') this.#putBack();
  }

  #judge(): Trouble | undefined {
    const { ledger, refusal } = this.#options;
    const place = ledger.place();
    if (place === 'OVERWRITTEN') return overwritten(ledger.path);
    if (place === 'MOVED') return this.#putBack();
    const problem = refusal();
    return problem === undefined ? undefined : describeUnwritable(problem);
  }

  /** If this succeeds, nothing is lost: the file was open all the time. */
  #putBack(): Trouble | undefined {
    const { ledger, wallNow, log } = this.#options;
    const { path } = ledger;
    try {
      const moved_aside = ledger.putBack(resetStamp(wallNow()));
      log.error(
        { path, moved_aside },
        'the ledger was deleted or replaced while in use and was written back from the open file, whole; find out who did it',
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof LedgerUnwritable)) throw error;
      return unsaved(path, error.message);
    }
  }
}

const unsaved = (path: string, problem: string): Trouble => ({
  code: 'MISSING',
  message: `The ledger ${path} was deleted or replaced while in use and is only open in decision-logger. It could not be written back: ${problem}`,
  action:
    'Do not stop the fleet. Free space, or correct the folder and its rights: it is written back by itself. Then press Start.',
});

const overwritten = (path: string): Trouble => ({
  code: 'OVERWRITTEN',
  message: `The ledger ${path} was overwritten while in use: its content is not what decision-logger has written.`,
  action:
    'Put a backup in its place (docs/ledger.md). Stop the fleet before you copy a ledger, else this happens again.',
});
