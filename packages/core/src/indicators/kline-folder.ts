import { KLINE_INTERVAL_MS, KlineInterval } from '@helios/shared/domain/market-data.ts';
import { type KlineDecimals, NumberKline } from './number-kline.ts';

/** A longer kline that is still open. */
interface OpenNumbers {
  readonly interval: KlineInterval;
  readonly lengthMs: number;
  /** Open time of the kline; undefined until one begins. */
  openTs: number | undefined;
  /** When the next one begins, which is when this one ends; epoch ms. */
  nextTs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  quoteVolume: number;
  takerBuyVolume: number;
}

const NONE: readonly NumberKline[] = [];

/**
 * Builds the klines of all longer intervals from those of one, in numbers. `KlineBuilder` does the same in exact decimals, for klines
 * that are published. A kline whose first part is missing is never returned.
 */
export class KlineFolder {
  readonly #symbol: string;
  readonly #decimals: KlineDecimals;
  readonly #longer: readonly OpenNumbers[];
  #nextOpenTs: number | undefined;

  constructor(symbol: string, interval: KlineInterval, decimals: KlineDecimals) {
    this.#symbol = symbol;
    this.#decimals = decimals;
    const own = KLINE_INTERVAL_MS[interval];
    this.#longer = KlineInterval.options.filter((each) => KLINE_INTERVAL_MS[each] > own).map(emptyOf);
  }

  /** Adds the next closed kline; returns the longer klines that it closed, shortest first. */
  add(part: NumberKline): readonly NumberKline[] {
    const { open_ts } = part;
    const endTs = part.close_ts + 1;
    if (open_ts !== this.#nextOpenTs) this.#beginAt(open_ts);
    this.#nextOpenTs = endTs;
    let closed: NumberKline[] | undefined;
    const { length } = this.#longer;
    for (let at = 0; at < length; at += 1) {
      const longer = this.#longer[at];
      if (longer === undefined) continue;
      if (open_ts === longer.nextTs) begin(longer, part);
      else if (longer.openTs === undefined) continue;
      else extend(longer, part);
      if (endTs !== longer.nextTs) continue;
      closed ??= [];
      closed.push(this.#close(longer));
    }
    return closed ?? NONE;
  }

  /** After a break in the data, klines start from empty. */
  reset(): void {
    this.#nextOpenTs = undefined;
    for (const longer of this.#longer) longer.openTs = undefined;
  }

  /** Klines begin at whole multiples of their length. */
  #beginAt(ts: number): void {
    this.reset();
    for (const longer of this.#longer) longer.nextTs = Math.ceil(ts / longer.lengthMs) * longer.lengthMs;
  }

  #close(longer: OpenNumbers): NumberKline {
    const { interval, openTs = 0, open, high, low, close, volume, quoteVolume, takerBuyVolume } = longer;
    longer.openTs = undefined;
    const prices = { openPrice: open, highPrice: high, lowPrice: low, closePrice: close };
    const figures = { ...prices, baseVolume: volume, quoteVolume, takerBuyVolume };
    return new NumberKline({ symbol: this.#symbol, interval, openTs, ...figures }, this.#decimals);
  }
}

function emptyOf(interval: KlineInterval): OpenNumbers {
  const zeros = { open: 0, high: 0, low: 0, close: 0, volume: 0, quoteVolume: 0, takerBuyVolume: 0 };
  return { interval, lengthMs: KLINE_INTERVAL_MS[interval], openTs: undefined, nextTs: 0, ...zeros };
}

function begin(longer: OpenNumbers, part: NumberKline): void {
  longer.openTs = part.open_ts;
  longer.nextTs = part.open_ts + longer.lengthMs;
  longer.open = part.openPrice;
  longer.high = part.highPrice;
  longer.low = part.lowPrice;
  longer.close = part.closePrice;
  longer.volume = part.baseVolume;
  longer.quoteVolume = part.quoteVolume;
  longer.takerBuyVolume = part.takerBuyVolume;
}

function extend(longer: OpenNumbers, part: NumberKline): void {
  longer.high = Math.max(longer.high, part.highPrice);
  longer.low = Math.min(longer.low, part.lowPrice);
  longer.close = part.closePrice;
  longer.volume += part.baseVolume;
  longer.quoteVolume += part.quoteVolume;
  longer.takerBuyVolume += part.takerBuyVolume;
}
