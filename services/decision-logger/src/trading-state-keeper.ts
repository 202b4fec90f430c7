import { Records } from '@helios/shared/contracts/catalog.ts';
import type { FleetState } from '@helios/shared/domain/fleet.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ledger } from './ledger/ledger.ts';
import { LedgerUnwritable } from './ledger/ledger-errors.ts';

interface Options {
  readonly bus: Bus<'decision-logger'>;
  readonly ledger: Pick<Ledger, 'tradingState' | 'keepTradingState'>;
  readonly run: string;
  readonly log: Logger;
  /** Writes the stored state to Redis, together with the projection. */
  readonly show: () => void;
}

/**
 * Stores each change of `fleet:state` in the ledger, so a halt survives the loss of Redis. Only signal-engine decides
 * the state; it reads the stored one from the projection.
 */
export class TradingStateKeeper {
  readonly #options: Options;
  #unwritable = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Stores the present `fleet:state`, because its message may have been lost. */
  async check(): Promise<void> {
    // The next check tries again.
    await skipWhileAway(async () => {
      const shown = await this.#options.bus.getRecord(Records.fleetState);
      if (shown !== undefined) this.keep(shown);
    });
  }

  /** Stores a state of this run that is newer than the stored one. */
  keep(state: FleetState): void {
    const { ledger, run, log, show } = this.#options;
    if (state.unsure || (state.run !== undefined && state.run !== run)) return;
    const before = ledger.tradingState();
    if (before.kind === 'KEPT' && before.state.changed_ts >= state.changed_ts) return;
    try {
      ledger.keepTradingState(state);
    } catch (error) {
      if (!(error instanceof LedgerUnwritable)) throw error;
      if (!this.#unwritable) log.error({ problem: error.message }, 'the trading state cannot be stored in the ledger');
      this.#unwritable = true;
      return;
    }
    this.#unwritable = false;
    log.info({ state: state.state, reason: state.reason }, 'trading state stored in the ledger');
    show();
  }
}
