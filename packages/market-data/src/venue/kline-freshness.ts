import { isKlineStale, KLINE_INTERVAL_MS, type KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

const ADVICE =
  'Gates on these klines abstain (in live they refuse) until the venue sends newer ones. Check its status page, and compare the clock of this machine with it.';

/** Logs once when the venue stops sending klines, and once when all lists are fresh again. */
export class KlineFreshness {
  readonly #log: Logger;
  readonly #stale = new Set<string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Processes an answer: its newest closed kline of this list opened at `newestOpenTs`. A list without klines is not a problem. */
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
      'the venue sends no newer klines; further lists that stop are not logged separately',
    );
  }

  forget(symbol: string, interval: KlineInterval): void {
    this.#clear(`${symbol}:${interval}`);
  }

  #clear(list: string): void {
    if (!this.#stale.delete(list) || this.#stale.size > 0) return;
    this.#log.info({}, 'the venue sends newer klines again');
  }
}
