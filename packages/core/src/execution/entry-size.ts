import type { Denial } from '@helios/shared/domain/decision.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { OrderType } from '@helios/shared/domain/order.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { baseOf, quoteCurrencyOf } from '@helios/shared/domain/units.ts';
import { floorToStep, isWorthLess, quantityFor } from '../price/step-grid.ts';

type SizeDenial = Denial & {
  readonly code: 'QUANTITY_BELOW_MINIMUM' | 'NOTIONAL_BELOW_MINIMUM' | 'QUANTITY_ABOVE_MAXIMUM';
};

/** The quantity of an entry in base currency, or the denial. */
export type EntrySize =
  | { readonly kind: 'SIZED'; readonly quantity: number }
  | { readonly kind: 'DENIED'; readonly denial: SizeDenial };

type SizeSettings = Pick<Settings['simulation'], 'position_size' | 'position_notional'>;

/** Significant digits of a quantity if the step is unknown. */
const DIGITS_WITHOUT_STEP = 6;

/**
 * The size of an entry at `price`: `position_size` if set, else from `position_notional`. Rounded down to the step; never raised
 * to a minimum. A MARKET order may have to close the entry later, so the coarser step and the larger minimum of LIMIT and MARKET
 * apply. Without an instrument there are no limits.
 */
export function sizeEntry(
  settings: SizeSettings,
  instrument: Instrument | undefined,
  price: number,
  type: OrderType,
): EntrySize {
  const { position_size, position_notional } = settings;
  if (instrument === undefined) {
    const quantity = position_size ?? Number((position_notional / price).toPrecision(DIGITS_WITHOUT_STEP));
    return { kind: 'SIZED', quantity };
  }
  const step = larger(instrument.step_size, instrument.market_step_size);
  const quantity =
    position_size === undefined ? quantityFor(position_notional, price, step) : floorToStep(position_size, step);
  const least = Number(larger(larger(step, instrument.min_qty), instrument.market_min_qty));
  if (quantity < least) return denied('QUANTITY_BELOW_MINIMUM', quantity, least);
  const most = largestOrder(instrument, type);
  if (quantity > most) return denied('QUANTITY_ABOVE_MAXIMUM', quantity, most);
  if (!isWorthLess(price, quantity, instrument.min_notional)) return { kind: 'SIZED', quantity };
  const value = Number((price * quantity).toPrecision(12));
  return denied('NOTIONAL_BELOW_MINIMUM', value, Number(instrument.min_notional));
}

function denied(code: SizeDenial['code'], value: number, limit: number): EntrySize {
  return { kind: 'DENIED', denial: { code, value, limit } };
}

function larger(a: string, b: string | undefined): string {
  return b !== undefined && Number(b) > Number(a) ? b : a;
}

function largestOrder({ max_qty, market_max_qty }: Instrument, type: OrderType): number {
  const limits = type === 'MARKET' ? [max_qty, market_max_qty] : [max_qty];
  return Math.min(...limits.map((limit) => (limit === undefined ? Number.POSITIVE_INFINITY : Number(limit))));
}

const DENIAL_TEXT: Readonly<Record<SizeDenial['code'], string>> = {
  QUANTITY_BELOW_MINIMUM: 'quantity is below the smallest the instrument allows; raise',
  NOTIONAL_BELOW_MINIMUM: 'value is below the smallest order the instrument allows; raise',
  QUANTITY_ABOVE_MAXIMUM: 'quantity is above the largest order the instrument allows; lower',
};

/** Says what was denied, by which limit, and which setting changes it. */
export function denialText(
  { code, value, limit }: SizeDenial,
  { position_size }: SizeSettings,
  symbol: string,
): string {
  const setting = position_size === undefined ? 'position_notional' : 'position_size';
  const unit = code === 'NOTIONAL_BELOW_MINIMUM' ? quoteCurrencyOf(symbol) : baseOf(symbol);
  return `denied: ${DENIAL_TEXT[code]} simulation.${setting} (${value} ${unit} against ${limit} ${unit})`;
}
