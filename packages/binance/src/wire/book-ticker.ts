import { levelText, type UnitLevel } from '@helios/core/book/unit-levels.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';
import { type EventFields, fieldTable, idOf } from './event-fields.ts';
import type { EventLayout } from './event-layout.ts';
import { isSymbol, isUnsignedDecimal, isWhole, type Loose } from './field-checks.ts';
import { literal } from './layout-scan.ts';
import { badField, type WireFault } from './wire-fault.ts';

/**
 * `<symbol>@bookTicker`: best bid and ask after each change of one of them.
 * Source: developers.binance.com, USDⓈ-M, Individual Symbol Book Ticker Streams.
 */
export interface BookTicker {
  readonly kind: 'BOOK_TICKER';
  readonly symbol: string;
  readonly tsEvent: number;
  readonly tsSent: number;
  /** `u`: the same counter as the `u` of depth updates. */
  readonly updateId: number;
  readonly bid: Level;
  readonly ask: Level;
}

/** Hand-written checks, because this is the most frequent message in recordings. An empty side has 0. */
export function parseBookTicker(data: Loose): BookTicker | WireFault {
  const { s, T, E, u, b, B, a, A } = data;
  if (!isSymbol(s)) return badField('bookTicker', 's', s);
  if (!isWhole(T)) return badField('bookTicker', 'T', T);
  if (!isWhole(E)) return badField('bookTicker', 'E', E);
  if (!isWhole(u)) return badField('bookTicker', 'u', u);
  if (!isUnsignedDecimal(b)) return badField('bookTicker', 'b', b);
  if (!isUnsignedDecimal(B)) return badField('bookTicker', 'B', B);
  if (!isUnsignedDecimal(a)) return badField('bookTicker', 'a', a);
  if (!isUnsignedDecimal(A)) return badField('bookTicker', 'A', A);
  return { kind: 'BOOK_TICKER', symbol: s, tsEvent: T, tsSent: E, updateId: u, bid: [b, B], ask: [a, A] };
}

export const bookTickerLayout: EventLayout<BookTicker> = {
  stream: literal('bookTicker'),
  event: literal('bookTicker"'),
  fields: fieldTable({
    u: 'WHOLE',
    E: 'WHOLE',
    T: 'WHOLE',
    s: 'SYMBOL',
    b: 'DECIMAL',
    B: 'DECIMAL',
    a: 'DECIMAL',
    A: 'DECIMAL',
    st: 'MAY_BE_ONE',
    ps: 'MAY_BE_SYMBOL',
  }),
  build: (fields) => new ScannedBookTicker(fields),
};

const [SENT, EVENT, UPDATE_ID] = [idOf('E'), idOf('T'), idOf('u')];
const [BID_PRICE, BID_QTY, ASK_PRICE, ASK_QTY] = [idOf('b'), idOf('B'), idOf('a'), idOf('A')];

/** A ticker as whole numbers. It makes texts of its levels on request: most tickers are never compared. */
class ScannedBookTicker implements BookTicker {
  readonly kind = 'BOOK_TICKER';
  readonly symbol: string;
  readonly tsEvent: number;
  readonly tsSent: number;
  readonly updateId: number;
  readonly #bid: UnitLevel;
  readonly #ask: UnitLevel;

  constructor(fields: EventFields) {
    this.symbol = fields.symbol;
    this.tsEvent = fields.number(EVENT);
    this.tsSent = fields.number(SENT);
    this.updateId = fields.number(UPDATE_ID);
    this.#bid = fields.level(BID_PRICE, BID_QTY);
    this.#ask = fields.level(ASK_PRICE, ASK_QTY);
  }

  get bid(): Level {
    return levelText(this.#bid);
  }

  get ask(): Level {
    return levelText(this.#ask);
  }
}
