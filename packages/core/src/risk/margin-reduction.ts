import type { Account, AccountPosition } from '@helios/shared/domain/account.ts';
import { ceilToStep } from '../price/step-grid.ts';
import { freeMarginLevel, type MarginLimits, maintenanceLevel } from './margin-ladder.ts';

/** Percentage points beyond the warning limit that a reduction aims for, so that its own costs do not cause the warning again. */
const HEADROOM_POINTS = 1;
/** Step of a quantity if the instrument is unknown. */
const STEP_WITHOUT_INSTRUMENT = '0.00000001';

/** Inputs of a reduction besides the account. */
export interface ReductionTerms {
  readonly limits: MarginLimits;
  /** Fee and slippage of a market exit, fraction of the value. */
  readonly costRate: number;
  /** Step of a symbol's quantities; `undefined` if the instrument is unknown. */
  readonly stepOf: (symbol: string) => string | undefined;
}

/** A reduce-only order that restores the margin, and the figure that requires it. */
export interface MarginReduction {
  readonly position: AccountPosition;
  /** Base currency, on the step; at most the whole position. */
  readonly quantity: number;
  readonly rule: 'FREE_MARGIN' | 'MAINTENANCE_RATIO';
  /** The figure, and below it its critical limit, percent. */
  readonly value: number;
  readonly limit: number;
}

/**
 * The next reduction that brings both margin figures back to OK. Undefined if both are OK, or if a figure is unknown. The worst
 * position goes first: the one that lost the largest share of its margin. The caller decides whether to start: only at level
 * CRITICAL.
 */
export function nextReduction(account: Account, terms: ReductionTerms): MarginReduction | undefined {
  const { free_margin_pct: free, maintenance_ratio_pct: ratio } = account;
  if (free === undefined || ratio === undefined) return undefined;
  const { limits } = terms;
  const isFreeOk = freeMarginLevel(free, limits) === 'OK';
  const isRatioOk = maintenanceLevel(ratio, limits) === 'OK';
  const worst = worstOf(account.positions);
  if (worst === undefined || (isFreeOk && isRatioOk)) return undefined;
  const shareForFree = isFreeOk ? 0 : shareForFreeMargin(account, worst, terms);
  const shareForRatio = isRatioOk ? 0 : shareForMaintenance(account, worst, terms);
  const quantity = quantityOf(worst, Math.max(shareForFree, shareForRatio), terms);
  return shareForFree >= shareForRatio
    ? { position: worst, quantity, rule: 'FREE_MARGIN', value: free, limit: limits.critical_margin_ratio }
    : { position: worst, quantity, rule: 'MAINTENANCE_RATIO', value: ratio, limit: limits.critical_maintenance_ratio };
}

function worstOf(positions: readonly AccountPosition[]): AccountPosition | undefined {
  const returnOf = ({ unrealized_pnl, margin }: AccountPosition) => (margin > 0 ? unrealized_pnl / margin : 0);
  return positions.toSorted((a, b) => returnOf(a) - returnOf(b))[0];
}

/** Share of the position that frees the missing margin. Each closed part frees its margin and realises its PnL, minus the costs. */
function shareForFreeMargin(account: Account, position: AccountPosition, { limits, costRate }: ReductionTerms): number {
  const { wallet_balance, initial_margin, unrealized_pnl, margin_balance } = account;
  const isIsolated = position.margin_mode === 'ISOLATED';
  const target = Math.min(limits.warning_margin_ratio + HEADROOM_POINTS, 100) / 100;
  const cost = position.notional * costRate;
  const available = wallet_balance - initial_margin + (isIsolated ? 0 : unrealized_pnl);
  const freed = position.margin - cost + (isIsolated ? position.unrealized_pnl : 0);
  return shareOf(target * margin_balance - available, freed + target * cost);
}

/** Share of the position to close so that the maintenance margin is no longer too high. */
function shareForMaintenance(
  account: Account,
  position: AccountPosition,
  { limits, costRate }: ReductionTerms,
): number {
  const target = Math.max(limits.warning_maintenance_ratio - HEADROOM_POINTS, 0) / 100;
  const excess = account.maintenance_margin - target * account.margin_balance;
  return shareOf(excess, position.maintenance_margin - target * position.notional * costRate);
}

/** The whole position if no part is enough. */
function shareOf(missing: number, perPosition: number): number {
  return perPosition <= 0 ? 1 : Math.min(Math.max(missing / perPosition, 0), 1);
}

function quantityOf({ quantity, symbol }: AccountPosition, share: number, { stepOf }: ReductionTerms): number {
  if (share >= 1) return quantity;
  return Math.min(ceilToStep(share * quantity, stepOf(symbol) ?? STEP_WITHOUT_INSTRUMENT), quantity);
}
