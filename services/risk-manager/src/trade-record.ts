import { TradeHistory } from '@helios/core/risk/trade-history.ts';
import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { OperatorCommand } from '@helios/shared/domain/fleet.ts';
import { COMMAND_MAX_AGE_MS } from '@helios/shared/domain/freshness.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { ProtectionRelease } from '@helios/shared/domain/risk-rule.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

/** As many as the stream keeps. */
const MAX_READ = 10_000;

interface TradeRecordOptions {
  readonly bus: Bus<'risk-manager'>;
  readonly run: string;
  readonly settings: Pick<Settings, 'protections' | 'risk'>;
  readonly now: () => number;
  readonly log: Logger;
}

/** The run's own live trades, and when the operator released their locks. */
export class TradeRecord {
  readonly #options: TradeRecordOptions;
  readonly #trades: TradeHistory;
  #release: ProtectionRelease | undefined;

  constructor(options: TradeRecordOptions) {
    this.#options = options;
    this.#trades = new TradeHistory(options.settings);
  }

  /** The trades that an entry on a symbol is judged by. */
  relevantTo(symbol: string): readonly ClosedTrade[] {
    return this.#trades.relevantTo(symbol, this.#options.now());
  }

  get releasedTs(): number | undefined {
    return this.#release?.released_ts;
  }

  /** @throws BusUnavailable */
  async read(): Promise<void> {
    const { bus, run } = this.#options;
    for (const trade of (await bus.getLatest(Streams.trades, MAX_READ)).toReversed()) this.add(trade);
    const release = await bus.getRecord(Records.protectionRelease);
    this.#release = release?.run === run ? release : undefined;
  }

  /** Adds a trade once; those of other runs and of simulations do not count. */
  add(trade: ClosedTrade): void {
    if (trade.run !== this.#options.run || trade.simulated) return;
    this.#trades.add(trade);
  }

  /** Start releases all locks: the operator has seen the losses and wants to go on. @throws BusUnavailable */
  async onCommand({ command_id, action, issued_ts, issued_by }: OperatorCommand): Promise<void> {
    const { bus, run, now, log } = this.#options;
    const isOld = now() - issued_ts > COMMAND_MAX_AGE_MS;
    if (action !== 'start' || isOld || command_id === this.#release?.command_id) return;
    const release: ProtectionRelease = { run, released_ts: issued_ts, command_id };
    await bus.write((batch) => batch.setRecord(Records.protectionRelease, release));
    this.#release = release;
    log.info({ command_id, issued_by }, 'the operator released the locks of the protections');
  }
}
