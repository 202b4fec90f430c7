import { type EventFields, fieldTable, idOf } from './event-fields.ts';
import type { EventLayout } from './event-layout.ts';
import { isPositiveDecimal, isSymbol, isWhole, type Loose } from './field-checks.ts';
import type { Ignored } from './ignored.ts';
import { literal } from './layout-scan.ts';
import { badField, type WireFault } from './wire-fault.ts';

/**
 * `<symbol>@trade` (each trade; silent at the venue since 2026) or `<symbol>@aggTrade` (trades of one taker order at one price).
 * Source: developers.binance.com, USDⓈ-M, Aggregate Trade Streams; `@trade` is undocumented there and known from recordings.
 */
export interface Trade {
  readonly kind: 'TRADE';
  readonly symbol: string;
  readonly tsEvent: number;
  readonly tsSent: number;
  /** `@trade` and `@aggTrade` carry the same trades under different ids: a reader must use only one of them. */
  readonly stream: 'trade' | 'aggTrade';
  readonly tradeId: number;
  readonly price: string;
  readonly qty: string;
  /** True if the seller was the taker. */
  readonly buyerIsMaker: boolean;
}

const OFF_BOOK: Ignored = { kind: 'IGNORED', reason: 'a transfer outside the book' };

/** Hand-written checks. Ignores rows whose `X` is not MARKET (INSURANCE_FUND, ADL, NA), because they are not trades in the book. */
export function parseTrade(data: Loose, stream: 'trade' | 'aggTrade'): Trade | Ignored | WireFault {
  const { s, T, E, p, q, m, X } = data;
  if (X !== undefined && X !== 'MARKET') return OFF_BOOK;
  const id = stream === 'trade' ? data['t'] : data['a'];
  if (!isSymbol(s)) return badField(stream, 's', s);
  if (!isWhole(T)) return badField(stream, 'T', T);
  if (!isWhole(E)) return badField(stream, 'E', E);
  if (!isWhole(id)) return badField(stream, stream === 'trade' ? 't' : 'a', id);
  if (!isPositiveDecimal(p)) return badField(stream, 'p', p);
  if (!isPositiveDecimal(q)) return badField(stream, 'q', q);
  if (typeof m !== 'boolean') return badField(stream, 'm', m);
  return { kind: 'TRADE', symbol: s, tsEvent: T, tsSent: E, stream, tradeId: id, price: p, qty: q, buyerIsMaker: m };
}

const TRADE = fieldTable({
  E: 'WHOLE',
  T: 'WHOLE',
  s: 'SYMBOL',
  t: 'WHOLE',
  p: 'POSITIVE',
  q: 'POSITIVE',
  m: 'BOOLEAN',
  X: 'MAY_BE_MARKET',
  st: 'MAY_BE_ONE',
  ps: 'MAY_BE_SYMBOL',
});
const AGG_TRADE = fieldTable({
  E: 'WHOLE',
  T: 'WHOLE',
  s: 'SYMBOL',
  a: 'WHOLE',
  p: 'POSITIVE',
  q: 'POSITIVE',
  m: 'BOOLEAN',
  nq: 'MAY_BE_DECIMAL',
  f: 'MAY_BE_WHOLE',
  l: 'MAY_BE_WHOLE',
  st: 'MAY_BE_ONE',
  ps: 'MAY_BE_SYMBOL',
});

export const tradeLayout: EventLayout<Trade> = {
  stream: literal('trade'),
  event: literal('trade"'),
  fields: TRADE,
  build: (fields) => tradeOf(fields, 'trade', fields.number(TRADE_ID)),
};
export const aggTradeLayout: EventLayout<Trade> = {
  stream: literal('aggTrade'),
  event: literal('aggTrade"'),
  fields: AGG_TRADE,
  build: (fields) => tradeOf(fields, 'aggTrade', fields.number(AGG_TRADE_ID)),
};

const [SENT, EVENT, TRADE_ID, AGG_TRADE_ID, PRICE, QTY] = [
  idOf('E'),
  idOf('T'),
  idOf('t'),
  idOf('a'),
  idOf('p'),
  idOf('q'),
];

function tradeOf(fields: EventFields, stream: Trade['stream'], tradeId: number): Trade {
  return {
    kind: 'TRADE',
    symbol: fields.symbol,
    tsEvent: fields.number(EVENT),
    tsSent: fields.number(SENT),
    stream,
    tradeId,
    price: fields.text(PRICE),
    qty: fields.text(QTY),
    buyerIsMaker: fields.isTrue,
  };
}
