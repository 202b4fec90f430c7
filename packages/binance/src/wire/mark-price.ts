import { fieldTable, idOf } from './event-fields.ts';
import type { EventLayout } from './event-layout.ts';
import { isPositiveDecimal, isSignedDecimal, isSymbol, isWhole, type Loose } from './field-checks.ts';
import { literal } from './layout-scan.ts';
import { badField, type WireFault } from './wire-fault.ts';

/**
 * `<symbol>@markPrice@1s`: mark and index price with the next funding. Here `T` is the next funding time.
 * Source: developers.binance.com, USDⓈ-M, Mark Price Stream.
 */
export interface MarkPriceUpdate {
  readonly kind: 'MARK_PRICE';
  readonly symbol: string;
  readonly tsEvent: number;
  readonly tsSent: number;
  readonly markPrice: string;
  readonly indexPrice: string | undefined;
  /** Fraction of notional; longs pay if it is positive. Undefined for delivery contracts and delisted rows. */
  readonly fundingRate: string | undefined;
  readonly nextFundingTs: number | undefined;
}

/** A missing or empty index price or funding rate becomes undefined; a malformed one is a fault. */
export function parseMarkPrice(data: Loose): MarkPriceUpdate | WireFault {
  const { s, E, T, p } = data;
  const index = data['i'] === '' ? undefined : data['i'];
  const rate = data['r'] === '' ? undefined : data['r'];
  if (!isSymbol(s)) return badField('markPriceUpdate', 's', s);
  if (!isWhole(E)) return badField('markPriceUpdate', 'E', E);
  if (!isPositiveDecimal(p)) return badField('markPriceUpdate', 'p', p);
  if (index !== undefined && !isPositiveDecimal(index)) return badField('markPriceUpdate', 'i', index);
  if (rate !== undefined && !isSignedDecimal(rate)) return badField('markPriceUpdate', 'r', rate);
  if (T !== undefined && !isWhole(T)) return badField('markPriceUpdate', 'T', T);
  return {
    kind: 'MARK_PRICE',
    symbol: s,
    tsEvent: E,
    tsSent: E,
    markPrice: p,
    indexPrice: index,
    fundingRate: rate,
    nextFundingTs: T === 0 ? undefined : T,
  };
}

const FIELDS = {
  E: 'WHOLE',
  T: 'WHOLE',
  s: 'SYMBOL',
  p: 'POSITIVE',
  i: 'POSITIVE',
  r: 'SIGNED',
  P: 'MAY_BE_DECIMAL',
  ap: 'MAY_BE_DECIMAL',
  st: 'MAY_BE_ONE',
  ps: 'MAY_BE_SYMBOL',
} as const;

export const markPriceLayout: EventLayout<MarkPriceUpdate> = {
  stream: literal('markPrice'),
  event: literal('markPriceUpdate"'),
  fields: fieldTable(FIELDS),
  build(fields) {
    const rate = fields.text(RATE);
    return {
      kind: 'MARK_PRICE',
      symbol: fields.symbol,
      tsEvent: fields.number(SENT),
      tsSent: fields.number(SENT),
      markPrice: fields.text(MARK),
      indexPrice: fields.text(INDEX),
      fundingRate: fields.isNegative ? `-${rate}` : rate,
      nextFundingTs: fields.number(FUNDING) === 0 ? undefined : fields.number(FUNDING),
    };
  },
};

const [SENT, FUNDING, MARK, INDEX, RATE] = [idOf('E'), idOf('T'), idOf('p'), idOf('i'), idOf('r')];
