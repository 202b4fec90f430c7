import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { tradeHolding } from '@helios/core/matching/holding.ts';
import { type IsolatedFill, isolatedWalletAfter } from '@helios/core/matching/margin-isolated.ts';
import { divided } from '@helios/core/matching/money.ts';
import type { AccountHistory } from '../accounts/account-history.ts';
import type { Position, TradingAccount } from '../accounts/trading-account.ts';
import { type Order, signed } from './order.ts';
import type { BalanceReason, ExecutedFill, TradingEvent } from './trading-event.ts';

const RATE_UNIT = 1_000_000n;

/** A quantity of an order that traded at a price, in steps and ticks. */
export interface Match {
  readonly price: number;
  readonly quantity: number;
  readonly isMaker: boolean;
}

/** Where a fill is booked. */
export interface Books {
  readonly account: TradingAccount;
  readonly history: AccountHistory;
  readonly grid: ContractGrid;
  readonly ts: number;
  readonly nextTradeId: () => number;
}

/** Books one fill: order, position, wallet, history. Returns the fill and the changed position. */
export function settleFill(
  order: Order,
  { price, quantity, isMaker }: Match,
  { account, history, grid, ts, nextTradeId }: Books,
): { readonly fill: ExecutedFill; readonly position: Position } {
  const { symbol, side, positionSide } = order.ticket;
  const value = grid.value(price, quantity);
  const rate = isMaker ? account.rates.maker : account.rates.taker;
  const commission = divided(value * rate, RATE_UNIT);
  const before = account.position(symbol, positionSide);
  const { holding, realised } = tradeHolding(
    before.holding,
    signed(side, quantity),
    side === 'BUY' ? value : -value,
    commission,
  );
  const isolatedWallet = isolatedAfter(account, before, { steps: signed(side, quantity), value });
  const position = { ...before, holding, isolatedWallet, realised: before.realised + realised, updateTime: ts };
  account.setPosition(position);
  account.wallet += realised - commission;
  const id = nextTradeId();
  const fill = { tradeId: id, orderId: order.id, price, quantity, value, commission, realised, isMaker };
  order.filled += quantity;
  order.filledValue += value;
  order.status = order.filled === order.ticket.quantity ? 'FILLED' : 'PARTIALLY_FILLED';
  order.updateTime = ts;
  history.addTrade({ ...fill, id, symbol, side, positionSide, time: ts });
  const row = { symbol, time: ts, tranId: id, tradeId: String(id), info: String(id) };
  if (realised !== 0n) history.addIncome({ ...row, type: 'REALIZED_PNL', amount: realised });
  if (commission !== 0n) history.addIncome({ ...row, type: 'COMMISSION', amount: -commission });
  return { fill, position };
}

function isolatedAfter(
  account: TradingAccount,
  { symbol, holding, isolatedWallet }: Position,
  fill: Pick<IsolatedFill, 'steps' | 'value'>,
): bigint {
  if (account.marginType(symbol) === 'CROSSED') return 0n;
  const leverage = account.leverage(symbol);
  return isolatedWalletAfter(isolatedWallet, { ...fill, heldSteps: holding.steps, leverage });
}

/** The event of a changed balance. */
export function balanceEvent(
  account: TradingAccount,
  reason: BalanceReason,
  positions: readonly Position[],
  ts: number,
  change = 0n,
): TradingEvent {
  const { id: accountId, wallet, crossWallet } = account;
  return { kind: 'BALANCE', accountId, ts, reason, change, wallet, crossWallet, positions };
}
