import type { Denial } from '@helios/shared/domain/decision.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { OrderType } from '@helios/shared/domain/order.ts';
import { type EntrySize, sizeEntry } from '../execution/entry-size.ts';
import type { MarginTier } from './liquidation.ts';

/** Inputs of a size. Money in quote currency. */
export interface SizeRequest {
  /** Recommended share of the balance (Kelly), 0..1. */
  readonly kelly: number;
  /** Share of the recommendation to use, 0..1. */
  readonly kellyFraction: number;
  readonly leverage: number;
  readonly availableBalance: number;
  /** Fee of the entry, fraction of its value; the available balance pays it too. */
  readonly feeRate: number;
  /** Value that may still be opened: on the symbol, and (below) in total. */
  readonly symbolRoom: number;
  readonly totalRoom: number;
  readonly price: number;
  readonly orderType: OrderType;
}

/** A size on the step of the instrument, or the denial. */
export type RiskSize =
  | { readonly kind: 'SIZED'; readonly quantity: number; readonly notional: number; readonly margin: number }
  | { readonly kind: 'DENIED'; readonly denial: Denial };

/**
 * Size by risk: margin = Kelly × fraction × available balance, notional = margin × leverage. The notional is limited by the room
 * left on the symbol and in total, by what the available balance can pay as margin and fee, by the largest value that the venue
 * allows at this leverage, and by the largest order. Rounded down to the step. A size below a minimum is denied, never raised.
 */
export function sizeByRisk(
  request: SizeRequest,
  instrument: Instrument | undefined,
  tiers: readonly MarginTier[],
): RiskSize {
  const { kelly, kellyFraction, leverage, availableBalance, feeRate, price } = request;
  const notional = Math.min(
    kelly * kellyFraction * availableBalance * leverage,
    availableBalance / (1 / leverage + feeRate),
    request.symbolRoom,
    request.totalRoom,
    largestNotional(leverage, tiers),
  );
  // Without money, the smallest size of the instrument shows how much was missing.
  const size = sizeNotional(Math.max(notional, 0), instrument, request);
  if (size.kind === 'DENIED') return size;
  const value = size.quantity * price;
  return { kind: 'SIZED', quantity: size.quantity, notional: value, margin: value / leverage };
}

function sizeNotional(notional: number, instrument: Instrument | undefined, request: SizeRequest): EntrySize {
  const { price, orderType } = request;
  if (notional <= 0 && instrument === undefined)
    return { kind: 'DENIED', denial: { code: 'NOTIONAL_BELOW_MINIMUM', value: 0, limit: 0 } };
  const size = sizeEntry({ position_size: undefined, position_notional: notional }, instrument, price, orderType);
  if (size.kind === 'SIZED' || size.denial.code !== 'QUANTITY_ABOVE_MAXIMUM') return size;
  return sizeEntry({ position_size: size.denial.limit, position_notional: notional }, instrument, price, orderType);
}

/** Maximum value that the venue allows at this leverage; unlimited without tiers. */
function largestNotional(leverage: number, tiers: readonly MarginTier[]): number {
  if (tiers.length === 0) return Number.POSITIVE_INFINITY;
  return tiers.filter(({ maxLeverage }) => maxLeverage >= leverage).at(-1)?.notionalCap ?? 0;
}
