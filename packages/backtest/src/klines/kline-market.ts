import { KlineBuilder } from '@helios/core/indicators/kline-builder.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { bookOfKline } from './book-of-kline.ts';
import type { KlineRow } from './kline-row.ts';

const MINUTE_MS = 60_000;
/** Times of the books in a minute, ms after its open: at its open, its two extremes and its close. */
const PATH_MS = [1_000, 20_000, 40_000, 59_000] as const;
/** The steps of a minute, one book each. */
export const PATH_STEPS = PATH_MS.map((_, step) => step);

/**
 * Turns the candles of one symbol into market events. The book of a minute knows only the volume of the candle before it. From its
 * open the price goes first to the extreme that is worse for the open position, then to the other one, then to the close.
 */
export class KlineMarket {
  readonly #instrument: Instrument;
  readonly #builder: KlineBuilder;
  #last: KlineRow | undefined;
  #id = 0;

  constructor(instrument: Instrument) {
    this.#instrument = instrument;
    this.#builder = new KlineBuilder(instrument.symbol);
  }

  get symbol(): string {
    return this.#instrument.symbol;
  }

  /** Ends the session if minutes are missing before `openTs`. */
  bridge(openTs: number): readonly MarketEvent[] {
    const isNext = this.#last === undefined || openTs === this.#last.openTs + MINUTE_MS;
    return isNext ? [] : this.end('minutes are missing');
  }

  /**
   * The book at a step of a minute; none in the first minute of a session, which has no candle before it.
   * @param side of the open position, if there is one
   */
  book(row: KlineRow, step: number, side: Side | undefined): readonly MarketEvent[] {
    if (this.#last === undefined) return [];
    const worst = side === 'SHORT' ? row.high : row.low;
    const best = side === 'SHORT' ? row.low : row.high;
    const price = Number([row.open, worst, best, row.close][step]);
    const { volume, takerBuyShare: buyShare = 0.5 } = this.#last;
    const { symbol, tick_size: tick, step_size: stepSize } = this.#instrument;
    this.#id += 1;
    const ts = row.openTs + (PATH_MS[step] ?? 0);
    return [bookOfKline({ symbol, ts, price, volume: Number(volume), buyShare, tick, step: stepSize, id: this.#id })];
  }

  /** The klines that the end of a minute closes. */
  close(row: KlineRow): readonly MarketEvent[] {
    this.#last = row;
    const kline = this.#kline(row);
    return [kline, ...this.#builder.addMinute(kline)];
  }

  /** Ends the session if there is one. */
  end(reason: string): readonly MarketEvent[] {
    if (this.#last === undefined) return [];
    const ts = this.#last.openTs + MINUTE_MS;
    this.#last = undefined;
    this.#builder.reset();
    return [{ type: 'break', kind: 'SESSION_END', symbol: this.symbol, ts_event: ts, ts_init: ts, reason }];
  }

  #kline({ openTs, open, high, low, close, volume, quoteVolume }: KlineRow): Kline {
    const ts = openTs + MINUTE_MS;
    return {
      ...{ type: 'kline', symbol: this.symbol, ts_event: ts, ts_init: ts, interval: '1m' },
      ...{ open_ts: openTs, close_ts: ts - 1, open, high, low, close, volume, quote_volume: quoteVolume, trades: 0 },
    };
  }
}
