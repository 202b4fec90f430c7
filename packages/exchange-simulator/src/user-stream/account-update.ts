import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { unrealised } from '@helios/core/matching/holding.ts';
import { moneyText } from '@helios/core/matching/money.ts';
import type { Position } from '../accounts/trading-account.ts';
import type { TradingEvent } from '../trading/trading-event.ts';
import { entryPriceText } from './order-trade-update.ts';

type BalanceEvent = Extract<TradingEvent, { kind: 'BALANCE' }>;

/** What an `ACCOUNT_UPDATE` needs of the market of a position. */
export interface PositionView {
  readonly grid: ContractGrid;
  readonly marginType: 'CROSSED' | 'ISOLATED';
  readonly markPrice: string;
}

/** `ACCOUNT_UPDATE`, fields and order as captured on the venue in 2024 and 2026. */
export function accountUpdate(
  { ts, reason, change, wallet, crossWallet, positions }: BalanceEvent,
  viewOf: (position: Position) => PositionView | undefined,
): Record<string, unknown> {
  const balance = {
    a: 'USDT',
    wb: moneyText(wallet),
    cw: moneyText(crossWallet),
    bc: change === 0n ? '0' : moneyText(change),
  };
  const rows = positions.flatMap((position) => {
    const view = viewOf(position);
    return view === undefined ? [] : [positionRow(position, view)];
  });
  return { e: 'ACCOUNT_UPDATE', T: ts, E: ts, a: { B: [balance], P: rows, m: reason } };
}

function positionRow(position: Position, { grid, marginType, markPrice }: PositionView): Record<string, unknown> {
  const { symbol, side, holding, isolatedWallet, realised } = position;
  const { steps, cost, openFees } = holding;
  const up = steps === 0 ? 0n : unrealised(holding, grid.markValue(markPrice, steps));
  return {
    s: symbol,
    pa: steps === 0 ? '0' : grid.quantityText(steps),
    ep: entryPriceText(cost, steps, grid),
    cr: realised === 0n ? '0' : moneyText(realised),
    up: up === 0n ? '0' : moneyText(up),
    mt: marginType === 'CROSSED' ? 'cross' : 'isolated',
    iw: isolatedWallet === 0n ? '0' : moneyText(isolatedWallet),
    ps: side,
    ma: 'USDT',
    bep: entryPriceText(cost + openFees, steps, grid),
  };
}
