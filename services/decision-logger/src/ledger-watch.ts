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

  /** Checks once. @throws if the content was overwritten: the next start examines the file */
  async look(): Promise<void> {
    const { troubles } = this.#options;
    const trouble = this.#judge();
    troubles.set(trouble);
    await troubles.show();
    if (trouble?.code === 'OVERWRITTEN') throw new Error(trouble.message);
  }

  /** Writes the ledger back if it exists only as an open file. Call it before the ledger is closed. */
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
        'the ledger was deleted or replaced while in use. It was written back completely from the open file. Find out which program did it',
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
  message: `The ledger ${path} was deleted or replaced while in use and exists only as an open file of decision-logger. It could not be written back: ${problem}`,
  action:
    'Do not stop the fleet. Free space, or correct the folder and its rights: Helios then writes the ledger back. Then press Start.',
});

const overwritten = (path: string): Trouble => ({
  code: 'OVERWRITTEN',
  message: `The ledger ${path} was overwritten while in use: its content is not what decision-logger has written.`,
  action: 'Put a backup in its place (docs/ledger.md). Stop the fleet before you copy a ledger, or this happens again.',
});
