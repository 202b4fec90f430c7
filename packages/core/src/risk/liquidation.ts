import type { Side } from '@helios/shared/domain/signal.ts';
import { signOf } from '../strategy/side-sign.ts';

/**
 * One bracket of the venue's `leverageBracket`. Up to `notionalCap` a position needs `notional × rate − amount` as maintenance
 * margin. `amount` (the venue's `cum`) makes adjacent brackets meet. Quote currency; `rate` is a fraction.
 */
export interface MarginTier {
  readonly notionalCap: number;
  readonly rate: number;
  readonly amount: number;
  readonly maxLeverage: number;
}

/** Inputs of the liquidation price of a position. */
export interface LiquidationInput {
  readonly side: Side;
  /** Base currency. */
  readonly quantity: number;
  readonly entryPrice: number;
  /**
   * Money that the position may lose, quote currency. ISOLATED: its own margin. CROSSED: the wallet balance, minus the
   * maintenance margin of the other positions, plus their unrealised PnL (WB − TMM + UPNL of the venue's formula).
   */
  readonly collateral: number;
}

/** Maintenance margin of a position of this value, quote currency; the last tier has no upper end. */
export function maintenanceMargin(notional: number, tiers: readonly MarginTier[]): number {
  const tier = tierOf(notional, tiers);
  return tier === undefined ? 0 : Math.max(notional * tier.rate - tier.amount, 0);
}

/**
 * Estimated price at which the venue liquidates the position: its remaining collateral equals its maintenance margin.
 *
 * With side s = ±1, quantity q, entry price E, collateral C and the tier's rate m and amount a: `C + s·q·(P − E) = q·P·m − a`, so
 * `P = (s·q·E − C − a) / (q·(s − m))`. This is Binance's published formula ("How to Calculate Liquidation Price of USDⓈ-M Futures
 * Contracts") for one-way mode. The tier is the position's tier at P. `undefined` if no price above 0 liquidates: a LONG with
 * more collateral than it can lose.
 */
export function liquidationPrice(position: LiquidationInput, tiers: readonly MarginTier[]): number | undefined {
  const { side, quantity, entryPrice, collateral } = position;
  const sign = signOf(side);
  let floor = 0;
  for (const [i, { notionalCap, rate, amount }] of tiers.entries()) {
    const price = (sign * quantity * entryPrice - collateral - amount) / (quantity * (sign - rate));
    const notional = price * quantity;
    const isLast = i === tiers.length - 1;
    // Rounding may move a price at the border just outside both of its tiers.
    const slack = notional * 1e-12;
    if (price > 0 && notional >= floor - slack && (isLast || notional <= notionalCap + slack)) return price;
    floor = notionalCap;
  }
  return undefined;
}

/**
 * Distance of the mark price from liquidation, percent of the mark price; 0 or less means reached. `undefined` without a
 * liquidation price.
 */
export function liquidationDistancePct(
  side: Side,
  markPrice: number,
  liquidation: number | undefined,
): number | undefined {
  return liquidation === undefined ? undefined : (signOf(side) * 100 * (markPrice - liquidation)) / markPrice;
}

/** True if a mark price is at or beyond the liquidation price. */
export function isLiquidated(side: Side, markPrice: number, liquidation: number | undefined): boolean {
  return liquidation !== undefined && signOf(side) * (markPrice - liquidation) <= 0;
}

function tierOf(notional: number, tiers: readonly MarginTier[]): MarginTier | undefined {
  return tiers.find(({ notionalCap }) => notional <= notionalCap) ?? tiers.at(-1);
}
