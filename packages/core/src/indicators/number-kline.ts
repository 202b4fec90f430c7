import { KLINE_INTERVAL_MS, type Kline, type KlineInterval } from '@helios/shared/domain/market-data.ts';

/** The figures of a kline as numbers. */
export interface KlineNumbers {
  readonly openPrice: number;
  readonly highPrice: number;
  readonly lowPrice: number;
  readonly closePrice: number;
  /** Base currency. */
  readonly baseVolume: number;
  /** Quote currency. */
  readonly quoteVolume: number;
  /** Part of the volume in which the buyer was the taker, base currency; NaN if unknown. */
  readonly takerBuyVolume: number;
}

/** Decimals of the texts of a kline. */
export interface KlineDecimals {
  readonly price: number;
  readonly volume: number;
  readonly quoteVolume: number;
}

/** What a kline of numbers is made of. `openTs`: epoch ms. */
interface KlineOfNumbers extends KlineNumbers {
  readonly symbol: string;
  readonly interval: KlineInterval;
  readonly openTs: number;
}

/**
 * A closed kline that holds numbers, and writes its texts when somebody reads them: indicators need none. With up to 15 digits the
 * texts are exact.
 */
export class NumberKline implements Kline, KlineNumbers {
  readonly type = 'kline';
  readonly symbol: string;
  readonly ts_event: number;
  readonly ts_init: number;
  readonly interval: KlineInterval;
  readonly open_ts: number;
  readonly close_ts: number;
  readonly trades = 0;
  readonly openPrice: number;
  readonly highPrice: number;
  readonly lowPrice: number;
  readonly closePrice: number;
  readonly baseVolume: number;
  readonly quoteVolume: number;
  readonly takerBuyVolume: number;
  readonly #decimals: KlineDecimals;

  /** It is published the moment it closes. */
  constructor(of: KlineOfNumbers, decimals: KlineDecimals) {
    const endTs = of.openTs + KLINE_INTERVAL_MS[of.interval];
    this.symbol = of.symbol;
    this.ts_event = endTs;
    this.ts_init = endTs;
    this.interval = of.interval;
    this.open_ts = of.openTs;
    this.close_ts = endTs - 1;
    this.openPrice = of.openPrice;
    this.highPrice = of.highPrice;
    this.lowPrice = of.lowPrice;
    this.closePrice = of.closePrice;
    this.baseVolume = of.baseVolume;
    this.quoteVolume = of.quoteVolume;
    this.takerBuyVolume = of.takerBuyVolume;
    this.#decimals = decimals;
  }

  get open(): string {
    return this.openPrice.toFixed(this.#decimals.price);
  }

  get high(): string {
    return this.highPrice.toFixed(this.#decimals.price);
  }

  get low(): string {
    return this.lowPrice.toFixed(this.#decimals.price);
  }

  get close(): string {
    return this.closePrice.toFixed(this.#decimals.price);
  }

  get volume(): string {
    return this.baseVolume.toFixed(this.#decimals.volume);
  }

  get quote_volume(): string {
    return this.quoteVolume.toFixed(this.#decimals.quoteVolume);
  }

  get taker_buy_volume(): string | undefined {
    return Number.isNaN(this.takerBuyVolume) ? undefined : this.takerBuyVolume.toFixed(this.#decimals.volume);
  }

  /** The plain kline: getters are not copied into JSON. */
  toJSON(): Kline {
    const { type, symbol, ts_event, ts_init, interval, open_ts, close_ts, open, high, low, close, trades } = this;
    const { volume, quote_volume, taker_buy_volume } = this;
    const times = { ts_event, ts_init, interval, open_ts, close_ts };
    const figures = { open, high, low, close, volume, quote_volume, trades };
    return { type, symbol, ...times, ...figures, ...(taker_buy_volume !== undefined && { taker_buy_volume }) };
  }
}

/** The figures of any kline. */
export function numbersOf(kline: Kline): KlineNumbers {
  if (kline instanceof NumberKline) return kline;
  return {
    openPrice: Number(kline.open),
    highPrice: Number(kline.high),
    lowPrice: Number(kline.low),
    closePrice: Number(kline.close),
    baseVolume: Number(kline.volume),
    quoteVolume: Number(kline.quote_volume),
    takerBuyVolume: kline.taker_buy_volume === undefined ? Number.NaN : Number(kline.taker_buy_volume),
  };
}
