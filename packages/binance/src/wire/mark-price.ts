import { isPositiveDecimal, isSignedDecimal, isSymbol, isWhole, type Loose } from './field-checks.ts';
import { badField, type WireFault } from './wire-fault.ts';

/**
 * `<symbol>@markPrice@1s`: mark and index price with the funding that comes next. Here `T` is the next funding time.
 * Source: developers.binance.com, USDⓈ-M, Mark Price Stream.
 */
export interface MarkPriceUpdate {
  readonly kind: 'MARK_PRICE';
  readonly symbol: string;
  readonly tsEvent: number;
  readonly tsSent: number;
  readonly markPrice: string;
  readonly indexPrice: string | undefined;
  /** Fraction of notional; longs pay when positive. Absent on delivery contracts and delisted rows. */
  readonly fundingRate: string | undefined;
  readonly nextFundingTs: number | undefined;
}

/** An index price or a funding rate that is missing or empty is absent; a wrong one is a fault. */
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
