import type { Account } from '@helios/shared/domain/account.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { MarketRegime } from '@helios/shared/domain/signal.ts';
import type { PriceGrid } from '../price/price-grid.ts';
import { priceBeside } from '../price/price-grid.ts';
import { type ExitParams, planOf, stopLossOf, type TrailingStop } from '../strategy/exit-plan.ts';
import { regimeEffectOf } from '../strategy/regime.ts';
import { signOf } from '../strategy/side-sign.ts';
import { stopBeside } from '../strategy/stop-price.ts';
import { advanceTrailingStop } from '../strategy/trailing.ts';
import { type MarginReduction, nextReduction, type ReductionTerms } from './margin-reduction.ts';

/** A stop that must keep clear of the liquidation price is set this many times the buffer away, so that it seldom moves. */
const BUFFERS_AFTER_MOVE = 1.5;

/** What a position's protection depends on, besides the position. Prices in quote currency. */
export interface ProtectionMarket {
  /** Undefined without a fresh one: then no stop moves. */
  readonly markPrice: number | undefined;
  /** As the venue shows it; undefined if no price liquidates the position. */
  readonly liquidationPrice: number | undefined;
  /** The valid prices of the venue. */
  readonly grid: PriceGrid;
}

/** The stop that a position needs now. */
export interface PositionProtection {
  /** State for the next call. */
  readonly trailing: TrailingStop | undefined;
  readonly stopPrice: number;
  readonly exitReason: 'STOP_LOSS' | 'TRAILING_STOP';
}

/**
 * The stop that a position needs now. It only moves in the position's favour: behind the best mark price by the ATR that the stop
 * of the entry implies, and away from the liquidation price. A position without a stop of its entry gets one at `max_stop_pct`.
 * @param trailing state of the last call; undefined at first, also after a restart: then the stop on the venue counts
 */
export function protectPosition(
  position: OpenPosition,
  trailing: TrailingStop | undefined,
  market: ProtectionMarket,
  params: ExitParams,
): PositionProtection {
  const stop_loss = position.stop_loss ?? farthestStop(position, market.grid, params);
  const plan = planOf({ ...position, stop_loss });
  const before = trailing ?? restoredTrailing(position, stop_loss);
  const measure = { atr: impliedAtr({ ...position, stop_loss }, params), grid: market.grid, tightening: 1 };
  const moved =
    market.markPrice === undefined ? before : advanceTrailingStop(plan, before, market.markPrice, measure, params);
  const guarded = awayFromLiquidation(position, moved, stop_loss, market, params);
  const stopLoss = stopLossOf(plan, guarded) ?? stop_loss;
  const trails = guarded?.stop !== undefined && signOf(position.side) * (guarded.stop - stopLoss) > 0;
  return trails
    ? { trailing: guarded, stopPrice: guarded.stop, exitReason: 'TRAILING_STOP' }
    : { trailing: guarded, stopPrice: stopLoss, exitReason: 'STOP_LOSS' };
}

/** Distance of the stop of an entry, ATRs: `stop_loss_atr`, scaled by the regime. */
export function stopAtrsOf(regime: MarketRegime = 'UNKNOWN', params: Pick<ExitParams, 'risk' | 'regime'>): number {
  return params.risk.stop_loss_atr * regimeEffectOf(regime, params.regime).stopFactor;
}

/** The ATR behind the stop of the entry, price units: by the settings of the entry, or by those of now if nobody kept them. */
function impliedAtr({ side, entry_price, stop_loss, regime, stop_atrs }: OpenPosition, params: ExitParams) {
  const distance = stop_loss === undefined ? 0 : signOf(side) * (entry_price - stop_loss);
  return distance > 0 ? distance / (stop_atrs ?? stopAtrsOf(regime, params)) : undefined;
}

/** A stop on the venue that lies closer than that of the entry has trailed before the restart. */
function restoredTrailing({ side, entry_price, cover }: OpenPosition, stopLoss: number): TrailingStop | undefined {
  const stop = cover?.stop_price;
  if (stop === undefined || signOf(side) * (stop - stopLoss) <= 0) return undefined;
  const sign = signOf(side);
  return { extreme: sign * (stop - entry_price) > 0 ? stop : entry_price, stop, stopLoss: undefined };
}

/** Moves a stop that the liquidation would come before, or nearly. */
function awayFromLiquidation(
  { side, entry_price }: OpenPosition,
  trailing: TrailingStop | undefined,
  entryStop: number,
  { liquidationPrice, grid }: ProtectionMarket,
  { risk }: ExitParams,
): TrailingStop | undefined {
  if (liquidationPrice === undefined) return trailing;
  const sign = signOf(side);
  const buffer = (liquidationPrice * risk.liquidation_buffer_pct) / 100;
  const stopLoss = trailing?.stopLoss ?? entryStop;
  const nearest = trailing?.stop !== undefined && sign * (trailing.stop - stopLoss) > 0 ? trailing.stop : stopLoss;
  if (sign * (nearest - liquidationPrice) >= buffer) return trailing;
  const moved = priceBeside(liquidationPrice, sign * Math.max(buffer * BUFFERS_AFTER_MOVE, buffer), grid);
  return { extreme: trailing?.extreme ?? entry_price, stop: trailing?.stop, stopLoss: moved };
}

function farthestStop({ side, entry_price }: OpenPosition, grid: PriceGrid, { risk }: ExitParams): number {
  const distance = (entry_price * risk.max_stop_pct) / 100;
  return stopBeside(entry_price, signOf(side), { distance, farthest: distance }, grid);
}

/** Inputs of the margin's protection. */
export interface MarginTerms extends ReductionTerms {
  /** True for a position that Helios opened: others are counted, and never reduced. */
  readonly isOurs: (symbol: string) => boolean;
  /** Smallest order value of a symbol, quote currency; undefined if unknown. */
  readonly minNotionalOf: (symbol: string) => number | undefined;
}

/** What the margin needs now. `isReducing` is the state for the next call. */
export type MarginProtection =
  | { readonly kind: 'NONE'; readonly isReducing: boolean }
  | { readonly kind: 'REDUCE' | 'CLOSE'; readonly isReducing: true; readonly reduction: MarginReduction };

/**
 * The next reduce-only order for the margin. Reducing starts when a figure is critical, and ends when both are above their
 * warnings. Call it again with the account after the order, not before.
 */
export function protectMargin(account: Account, isReducing: boolean, terms: MarginTerms): MarginProtection {
  const { margin_level: level } = account;
  if (level === 'OK') return { kind: 'NONE', isReducing: false };
  if (level !== 'CRITICAL' && !isReducing) return { kind: 'NONE', isReducing: false };
  const ours = account.positions.filter(({ symbol }) => terms.isOurs(symbol));
  const found = nextReduction({ ...account, positions: ours }, terms);
  if (found === undefined) return { kind: 'NONE', isReducing: true };
  const reduction = withoutRemainder(found, terms);
  const kind = reduction.quantity === reduction.position.quantity ? 'CLOSE' : 'REDUCE';
  return { kind, isReducing: true, reduction };
}

/** Closes the whole position if what is left would be too small for an order. */
function withoutRemainder(reduction: MarginReduction, { minNotionalOf }: MarginTerms): MarginReduction {
  const { position, quantity } = reduction;
  const left = (position.quantity - quantity) * position.mark_price;
  return left < (minNotionalOf(position.symbol) ?? 0) ? { ...reduction, quantity: position.quantity } : reduction;
}
