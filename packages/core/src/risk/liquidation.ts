import type { Side } from '@helios/shared/domain/signal.ts';
import { signOf } from '../strategy/side-sign.ts';

/**
 * One bracket of the venue's `leverageBracket`: up to `notionalCap` a position needs `notional × rate − amount` as maintenance
 * margin. `amount` (the venue's `cum`) makes neighbouring brackets meet. Quote currency; `rate` is a fraction.
 */
export interface MarginTier {
  readonly notionalCap: number;
  readonly rate: number;
  readonly amount: number;
  readonly maxLeverage: number;
}

/** A position as far as its liquidation goes. */
export interface LiquidationInput {
  readonly side: Side;
  /** Base currency. */
  readonly quantity: number;
  readonly entryPrice: number;
  /**
   * Money that the position may lose, quote currency. ISOLATED: its own margin. CROSSED: the wallet balance, less the
   * maintenance margin of the other positions, plus their unrealised PnL (WB − TMM + UPNL of the venue's formula).
   */
  readonly collateral: number;
}

/** Maintenance margin of a position of that value, quote currency; the last tier has no end. */
export function maintenanceMargin(notional: number, tiers: readonly MarginTier[]): number {
  const tier = tierOf(notional, tiers);
  return tier === undefined ? 0 : Math.max(notional * tier.rate - tier.amount, 0);
}

/**
 * Estimated price at which the venue liquidates the position: where what it may still lose equals its maintenance margin.
 *
 * With side s = ±1, quantity q, entry price E, collateral C and the tier's rate m and amount a:
 * `C + s·q·(P − E) = q·P·m − a`, so `P = (s·q·E − C − a) / (q·(s − m))`. This is Binance's published formula ("How to Calculate
 * Liquidation Price of USDⓈ-M Futures Contracts") for one-way mode. The tier is the one the position is in at P.
 * `undefined` where no price above 0 does it: a LONG with more collateral than it can lose.
 */
export function liquidationPrice(position: LiquidationInput, tiers: readonly MarginTier[]): number | undefined {
  const { side, quantity, entryPrice, collateral } = position;
  const sign = signOf(side);
  let floor = 0;
  for (const [i, { notionalCap, rate, amount }] of tiers.entries()) {
    const price = (sign * quantity * entryPrice - collateral - amount) / (quantity * (sign - rate));
    const notional = price * quantity;
    const isLast = i === tiers.length - 1;
    // Rounding may put a price on the border just outside of both its tiers.
    const slack = notional * 1e-12;
    if (price > 0 && notional >= floor - slack && (isLast || notional <= notionalCap + slack)) return price;
    floor = notionalCap;
  }
  return undefined;
}

/** How far the mark price is from liquidation, percent of it; 0 or less: it is reached. `undefined` where nothing liquidates. */
export function liquidationDistancePct(
  side: Side,
  markPrice: number,
  liquidation: number | undefined,
): number | undefined {
  return liquidation === undefined ? undefined : (signOf(side) * 100 * (markPrice - liquidation)) / markPrice;
}

/** True where a mark price reaches the liquidation price or lies beyond it. */
export function isLiquidated(side: Side, markPrice: number, liquidation: number | undefined): boolean {
  return liquidation !== undefined && signOf(side) * (markPrice - liquidation) <= 0;
}

function tierOf(notional: number, tiers: readonly MarginTier[]): MarginTier | undefined {
  return tiers.find(({ notionalCap }) => notional <= notionalCap) ?? tiers.at(-1);
}
