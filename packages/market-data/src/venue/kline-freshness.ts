import { isKlineStale, KLINE_INTERVAL_MS, type KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

const ADVICE =
  'Gates on these candles abstain (in live they refuse) until the venue gives newer ones. See its status page, and compare this machine’s clock with it.';

/** Says once when the venue stops giving candles, and once when it gives all of them again. */
export class KlineFreshness {
  readonly #log: Logger;
  readonly #stale = new Set<string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** The venue answered: its newest closed candle of this list opened then. A list without any is no trouble. */
  onAnswer(symbol: string, interval: KlineInterval, newestOpenTs: number | undefined, venueNow: number): void {
    const list = `${symbol}:${interval}`;
    if (newestOpenTs === undefined || !isKlineStale(interval, newestOpenTs, venueNow)) {
      this.#clear(list);
      return;
    }
    const isFirst = this.#stale.size === 0;
    this.#stale.add(list);
    if (!isFirst) return;
    const closed_ts = newestOpenTs + KLINE_INTERVAL_MS[interval];
    this.#log.warn(
      { code: 'KLINES_STALE', symbol, interval, closed_ts, advice: ADVICE },
      'the venue gives no newer candles; others that stop as well are not logged one by one',
    );
  }

  forget(symbol: string, interval: KlineInterval): void {
    this.#clear(`${symbol}:${interval}`);
  }

  #clear(list: string): void {
    if (!this.#stale.delete(list) || this.#stale.size > 0) return;
    this.#log.info({}, 'the venue gives newer candles again');
  }
}
