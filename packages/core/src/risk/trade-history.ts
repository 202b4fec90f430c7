import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { protectionWindowMs } from './protections.ts';

/** Maximum number of trades; the oldest are dropped. */
const MAX_TRADES = 10_000;

/** Closed trades, sorted once as they arrive: an entry is then judged by the few that matter, however long the history is. */
export class TradeHistory {
  readonly #settings: Pick<Settings, 'protections' | 'risk'>;
  readonly #byKey = new Map<string, ClosedTrade>();
  /** Oldest exit first. */
  readonly #sorted: ClosedTrade[] = [];

  constructor(settings: Pick<Settings, 'protections' | 'risk'>) {
    this.#settings = settings;
  }

  /** Adds a trade; the same trade again replaces the earlier one. */
  add(trade: ClosedTrade): void {
    const known = this.#byKey.get(keyOf(trade));
    if (known) this.#sorted.splice(this.#sorted.indexOf(known), 1);
    this.#byKey.set(keyOf(trade), trade);
    const before = this.#sorted.findLastIndex(({ exit_ts }) => exit_ts <= trade.exit_ts);
    this.#sorted.splice(before + 1, 0, trade);
    const oldest = this.#sorted.length > MAX_TRADES ? this.#sorted.shift() : undefined;
    if (oldest) this.#byKey.delete(keyOf(oldest));
  }

  /**
   * The trades that an entry on a symbol is judged by, oldest first: those within the windows of the protections, those that Kelly
   * counts, and the last one on the symbol. All other trades change no rule and no size.
   */
  relevantTo(symbol: string, nowMs: number): readonly ClosedTrade[] {
    const { protections, risk } = this.#settings;
    const sinceTs = nowMs - protectionWindowMs(protections);
    let missing = risk.kelly_trades;
    let nextTs = Number.POSITIVE_INFINITY;
    const older = this.#sorted.findLastIndex(({ exit_ts, origin }) => {
      // Of trades that closed at the same time, Kelly counts those that came first.
      if (missing <= 0 && exit_ts <= sinceTs && exit_ts < nextTs) return true;
      nextTs = exit_ts;
      if (origin !== 'EXTERNAL') missing -= 1;
      return false;
    });
    const relevant = this.#sorted.slice(older + 1);
    if (relevant.some((trade) => trade.symbol === symbol)) return relevant;
    const last = this.#sorted.findLast((trade) => trade.symbol === symbol);
    return last ? [last, ...relevant] : relevant;
  }
}

function keyOf({ exit_signal_id, entry_signal_id }: ClosedTrade): string {
  return `${exit_signal_id} ${entry_signal_id}`;
}
