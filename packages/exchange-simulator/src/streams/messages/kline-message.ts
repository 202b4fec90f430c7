import type { Contract } from '../../listing/contract.ts';
import { klineClose, type VenueInterval } from '../../market/kline-times.ts';
import type { TradeTape } from '../../market/trade-tape.ts';
import type { VenueKline } from '../../market/venue-kline.ts';

/** A kline of a symbol's stream; `isClosed` after its close time. */
export interface KlineEvent {
  readonly interval: VenueInterval;
  readonly kline: VenueKline;
  readonly isClosed: boolean;
}

/** `<symbol>@kline_<interval>`: the kline with the values of `GET klines`. */
export function klineMessage(
  { symbol }: Contract,
  event: KlineEvent,
  tape: TradeTape,
  nowTs: number,
): Record<string, unknown> {
  const { t, T, ...rest } = klineFields(event, tape);
  return { e: 'kline', E: nowTs, s: symbol, k: { t, T, s: symbol, ...rest } };
}

/** The common fields of kline messages; without trades the trade ids are −1. */
export function klineFields({ interval, kline, isClosed }: KlineEvent, tape: TradeTape): Record<string, unknown> {
  const closeTs = klineClose(interval, kline.openTs);
  const last = kline.trades === 0 ? undefined : tape.trades.findLast(({ time }) => time <= closeTs)?.id;
  return {
    t: kline.openTs,
    T: closeTs,
    i: interval,
    f: last === undefined ? -1 : Math.max(0, last - kline.trades + 1),
    L: last ?? -1,
    o: kline.open,
    c: kline.close,
    h: kline.high,
    l: kline.low,
    v: kline.volume,
    n: kline.trades,
    x: isClosed,
    q: kline.quoteVolume,
    V: kline.takerVolume,
    Q: kline.takerQuoteVolume,
    B: '0',
  };
}
