import { isLoose, isPositiveDecimal, isSymbol, isUnsignedDecimal, isWhole, type Loose } from './field-checks.ts';
import { badField, type WireFault } from './wire-fault.ts';

/**
 * `<symbol>@kline_<interval>`: the open kline several times a second, and once more when it closes.
 * Source: developers.binance.com, USDⓈ-M, Kline/Candlestick Streams.
 */
export interface KlineUpdate {
  readonly kind: 'KLINE';
  readonly symbol: string;
  readonly tsEvent: number;
  readonly tsSent: number;
  /** The venue's name, e.g. `1m`; it has more intervals than we use. */
  readonly interval: string;
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
  readonly isClosed: boolean;
}

export function parseKline(data: Loose): KlineUpdate | WireFault {
  const { s, E, k } = data;
  if (!isSymbol(s)) return badField('kline', 's', s);
  if (!isWhole(E)) return badField('kline', 'E', E);
  if (!isLoose(k)) return badField('kline', 'k', k);
  const { t, T, i, o, h, l, c, v, q, n, x } = k;
  if (!isWhole(t)) return badField('kline', 'k.t', t);
  if (!isWhole(T)) return badField('kline', 'k.T', T);
  if (typeof i !== 'string') return badField('kline', 'k.i', i);
  if (!isPositiveDecimal(o)) return badField('kline', 'k.o', o);
  if (!isPositiveDecimal(h)) return badField('kline', 'k.h', h);
  if (!isPositiveDecimal(l)) return badField('kline', 'k.l', l);
  if (!isPositiveDecimal(c)) return badField('kline', 'k.c', c);
  if (!isUnsignedDecimal(v)) return badField('kline', 'k.v', v);
  if (!isUnsignedDecimal(q)) return badField('kline', 'k.q', q);
  if (!isWhole(n)) return badField('kline', 'k.n', n);
  if (typeof x !== 'boolean') return badField('kline', 'k.x', x);
  return {
    kind: 'KLINE',
    symbol: s,
    tsEvent: E,
    tsSent: E,
    interval: i,
    openTs: t,
    closeTs: T,
    open: o,
    high: h,
    low: l,
    close: c,
    volume: v,
    quoteVolume: q,
    trades: n,
    isClosed: x,
  };
}
