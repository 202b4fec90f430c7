import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ledger } from './ledger/ledger.ts';
import { LedgerUnwritable } from './ledger/ledger-errors.ts';
import { resetStamp } from './ledger/ledger-file.ts';
import { describeUnwritable, type LedgerTroubles, type Trouble } from './ledger-troubles.ts';

interface Options {
  readonly ledger: Pick<Ledger, 'path' | 'place' | 'putBack'>;
  readonly troubles: LedgerTroubles;
  /** Why the ledger refused the last record; undefined where it took it. */
  readonly refusal: () => string | undefined;
  readonly wallNow: () => number;
  readonly log: Logger;
}

/** Looks whether the ledger's path still leads to the file that is open, and writes it back where it does not. */
export class LedgerWatch {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Looks once. @throws where the content was overwritten: another start finds out what is left. */
  async look(): Promise<void> {
    const { troubles } = this.#options;
    const trouble = this.#judge();
    troubles.set(trouble);
    await troubles.show();
    if (trouble?.code === 'OVERWRITTEN') throw new Error(trouble.message);
  }

  /** Writes the ledger back before it is closed, where it is only open here. */
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

  /** Nothing is lost where this succeeds: the file was open all the time. */
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
