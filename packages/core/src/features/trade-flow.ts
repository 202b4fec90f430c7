import type { MarketTrade } from '@helios/shared/domain/market-data.ts';
import { parseDecimal } from '../price/parse-decimal.ts';
import { balance } from './missing.ts';
import { TimeBuckets } from './time-buckets.ts';

const BUCKET_MS = 1_000;
const BUCKETS = 301;
const BOUGHT = 0;
const SOLD = 1;

/** What takers bought and sold, from trades. */
export class TradeFlow {
  readonly #values = new TimeBuckets(BUCKET_MS, BUCKETS);

  onTrade({ ts_event, price, qty, buyer_is_maker }: MarketTrade): void {
    const value = parseDecimal(price) * parseDecimal(qty);
    if (!(value > 0)) return;
    if (this.#values.isEmpty) this.#values.restart(ts_event);
    this.#values.add(ts_event, buyer_is_maker ? 0 : value, buyer_is_maker ? value : 0);
  }

  /** True if no trade is known. */
  get isEmpty(): boolean {
    return this.#values.isEmpty;
  }

  /** Bought against sold value of the window, −1..1; NaN if the window is not complete or nothing traded. */
  flow(nowMs: number, windowMs: number): number {
    const bought = this.#values.sum(BOUGHT, nowMs, windowMs);
    return balance(bought, this.#values.sum(SOLD, nowMs, windowMs));
  }
}
