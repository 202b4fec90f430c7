import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import type { AccountMargin, PositionMargin } from '@helios/core/matching/margin.ts';
import { positionLiquidationPrice } from '@helios/core/matching/margin-liquidation.ts';
import { moneyOf } from '@helios/core/matching/money.ts';
import type { Position } from '../../accounts/trading-account.ts';
import { type MarginRow, marginOf } from '../../trading/margin-state.ts';
import { entryPriceText } from '../../user-stream/order-trade-update.ts';
import { plainMoney } from './money-fields.ts';
import type { Call } from './signed-endpoint.ts';

/** A position with all that an answer tells of it. */
export interface PositionState {
  readonly position: Position;
  readonly margin: PositionMargin;
  readonly account: AccountMargin;
  readonly grid: ContractGrid;
  readonly markPrice: string;
}

/** The account's rows with a position or an open order, behind those of `first`. */
export function positionStates({ account, trading }: Call, first: readonly MarginRow[] = []): readonly PositionState[] {
  const state = marginOf(account, trading, { first });
  return state.positions.flatMap((margin) => {
    const grid = trading.marketOf(margin.symbol)?.grid;
    const markPrice = trading.markPrice(margin.symbol);
    if (grid === undefined || markPrice === undefined) return [];
    return [{ position: account.position(margin.symbol, margin.side), margin, account: state, grid, markPrice }];
  });
}

/** The rows of symbols: BOTH in one-way mode, LONG and SHORT in hedge mode. */
export function rowsOfSymbols({ account }: Call, symbols: readonly string[]): readonly MarginRow[] {
  const sides = account.isHedge ? (['LONG', 'SHORT'] as const) : (['BOTH'] as const);
  return symbols.flatMap((symbol) => sides.map((side) => ({ symbol, side })));
}

/** Prices of a position. Without one the venue writes `0.0`. */
export function priceFields({ position, grid }: PositionState): { entryPrice: string; breakEvenPrice: string } {
  const { steps, cost, openFees } = position.holding;
  if (steps === 0) return { entryPrice: '0.0', breakEvenPrice: '0.0' };
  return {
    entryPrice: entryPriceText(cost, steps, grid),
    breakEvenPrice: entryPriceText(cost + openFees, steps, grid),
  };
}

/** `0` without a liquidation price. */
export function liquidationText({ account, margin, markPrice }: PositionState): string {
  return plainMoney(positionLiquidationPrice(account, margin, moneyOf(markPrice)) ?? 0n);
}

/** Isolated wallet and unrealised PnL; 0 for a crossed position. */
export function isolatedMargin({ margin }: PositionState): bigint {
  const { isIsolated, quantity, isolatedWallet, unrealised } = margin;
  return isIsolated && quantity !== 0n ? isolatedWallet + unrealised : 0n;
}

/** Initial margins and maintenance margin of a position. */
export function marginFields({ margin }: PositionState): Record<string, string> {
  const { positionInitial, openOrderInitial, maintenance } = margin;
  return {
    initialMargin: plainMoney(positionInitial + openOrderInitial),
    maintMargin: plainMoney(maintenance),
    positionInitialMargin: plainMoney(positionInitial),
    openOrderInitialMargin: plainMoney(openOrderInitial),
  };
}
