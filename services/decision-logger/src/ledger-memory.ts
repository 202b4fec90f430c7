import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Maps } from '@helios/shared/contracts/catalog.ts';
import type { KnownLedger } from '@helios/shared/domain/known-ledger.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { BusFault } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ledger } from './ledger/ledger.ts';

/** Redis' record of the ledger of this run. */
export class LedgerMemory {
  readonly #bus: Bus<'decision-logger'>;
  readonly #run: string;
  readonly #log: Logger;

  constructor(bus: Bus<'decision-logger'>, run: string, log: Logger) {
    this.#bus = bus;
    this.#run = run;
    this.#log = log;
  }

  /** Undefined if Redis has no record. @throws BusUnavailable */
  async read(): Promise<KnownLedger | undefined> {
    try {
      return (await this.#bus.getMap(Maps.knownLedgers))[this.#run];
    } catch (error) {
      if (!(error instanceof BusFault)) throw error;
      this.#log.warn({ problem: error.message }, 'the record of the ledgers in redis was overwritten, deleting it');
      await this.#bus.write((batch) => batch.remove(Maps.knownLedgers));
      return undefined;
    }
  }

  /** Syncs the ledger to disk and records its content: a power cut cannot lose any of it. @throws BusUnavailable */
  async note(ledger: Pick<Ledger, 'path' | 'identity' | 'size' | 'checkpoint'>): Promise<void> {
    const { decisions, trades, last_decision_id } = ledger.size();
    const { ledger_id } = ledger.identity();
    ledger.checkpoint();
    const now: KnownLedger = {
      run: this.#run,
      ledger: basename(ledger.path),
      ledger_id,
      decisions,
      trades,
      ...(last_decision_id === undefined ? {} : { last_decision_id }),
    };
    if (isDeepStrictEqual(await this.read(), now)) return;
    await this.#bus.write((batch) => batch.setField(Maps.knownLedgers, this.#run, now));
  }
}
