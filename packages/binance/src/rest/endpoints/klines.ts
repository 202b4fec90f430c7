import { isPositiveDecimal, isUnsignedDecimal, isWhole } from '../../wire/field-checks.ts';
import { badField, type WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, parseEveryRow } from '../endpoint.ts';

/** A kline; the newest one is usually still open. `closeTs` is its last millisecond. */
export interface RestKline {
  readonly openTs: number;
  readonly closeTs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  /** Volume in base currency; `quoteVolume` is in quote currency. */
  readonly volume: string;
  readonly quoteVolume: string;
  readonly trades: number;
  /** Part of `volume` in which the buyer was the taker. */
  readonly takerBuyVolume: string;
}

export interface KlinesParams {
  readonly symbol: string;
  /** The venue's name, e.g. `1m`. */
  readonly interval: string;
  /** Minimum open time, epoch ms; without it the newest klines come. */
  readonly startTime?: number;
  /** 1 to 1500. */
  readonly limit: number;
}

/** `GET /fapi/v1/klines`: klines, oldest first. */
export const klines = defineEndpoint<KlinesParams, readonly RestKline[]>({
  path: '/fapi/v1/klines',
  query: ({ symbol, interval, startTime, limit }) => ({ symbol, interval, startTime, limit }),
  weight({ limit }) {
    if (limit < 100) return 1;
    if (limit < 500) return 2;
    return limit <= 1_000 ? 5 : 10;
  },
  parse: (json) => parseEveryRow('klines', json, parseRow),
});

/** A row is an array: open time, four prices, volume, close time, quote volume, trades, taker buy volume, then unused fields. */
function parseRow(row: unknown): RestKline | WireFault {
  if (!Array.isArray(row)) return badField('klines', 'row', row);
  const [openTs, open, high, low, close, volume, closeTs, quoteVolume, trades, takerBuyVolume] = row;
  if (!isWhole(openTs)) return badField('klines', 'open time', openTs);
  if (!isWhole(closeTs)) return badField('klines', 'close time', closeTs);
  if (!isPositiveDecimal(open)) return badField('klines', 'open', open);
  if (!isPositiveDecimal(high)) return badField('klines', 'high', high);
  if (!isPositiveDecimal(low)) return badField('klines', 'low', low);
  if (!isPositiveDecimal(close)) return badField('klines', 'close', close);
  if (!isUnsignedDecimal(volume)) return badField('klines', 'volume', volume);
  if (!isUnsignedDecimal(quoteVolume)) return badField('klines', 'quote volume', quoteVolume);
  if (!isWhole(trades)) return badField('klines', 'trades', trades);
  if (!isUnsignedDecimal(takerBuyVolume)) return badField('klines', 'taker buy volume', takerBuyVolume);
  return { openTs, closeTs, open, high, low, close, volume, quoteVolume, trades, takerBuyVolume };
}
