import type { Contract } from '../../listing/contract.ts';
import type { Candle } from '../../market/candle.ts';
import { candleClose, type VenueInterval } from '../../market/candle-times.ts';
import type { TradeTape } from '../../market/trade-tape.ts';

/** A candle of a symbol's stream; `isClosed` once its time is over. */
export interface KlineEvent {
  readonly interval: VenueInterval;
  readonly candle: Candle;
  readonly isClosed: boolean;
}

/** `<symbol>@kline_<interval>`: the candle as `GET klines` shows it. */
export function klineMessage(
  { symbol }: Contract,
  event: KlineEvent,
  tape: TradeTape,
  nowTs: number,
): Record<string, unknown> {
  const { t, T, ...rest } = klineFields(event, tape);
  return { e: 'kline', E: nowTs, s: symbol, k: { t, T, s: symbol, ...rest } };
}

/** What every stream of candles says of one; without trades its ids are −1. */
export function klineFields({ interval, candle, isClosed }: KlineEvent, tape: TradeTape): Record<string, unknown> {
  const closeTs = candleClose(interval, candle.openTs);
  const last = candle.trades === 0 ? undefined : tape.trades.findLast(({ time }) => time <= closeTs)?.id;
  return {
    t: candle.openTs,
    T: closeTs,
    i: interval,
    f: last === undefined ? -1 : Math.max(0, last - candle.trades + 1),
    L: last ?? -1,
    o: candle.open,
    c: candle.close,
    h: candle.high,
    l: candle.low,
    v: candle.volume,
    n: candle.trades,
    x: isClosed,
    q: candle.quoteVolume,
    V: candle.takerVolume,
    Q: candle.takerQuoteVolume,
    B: '0',
  };
}
