import type { AccountHistory } from '../accounts/account-history.ts';
import type { MarginChange, TradingAccount } from '../accounts/trading-account.ts';
import type { Refusal } from '../rest/refusal.ts';
import {
  crossBalanceInsufficient,
  isolatedBalanceInsufficient,
  marginWithoutPosition,
  notIsolated,
} from '../rest/trade/margin-refusal.ts';
import { type MarginMarkets, marginOf } from './margin-state.ts';
import { balanceEvent } from './settlement.ts';
import type { TradingEvent } from './trading-event.ts';

/** A wish to add money to an isolated position (type 1), or to take it out (type 2). */
export type IsolatedTransfer = Omit<MarginChange, 'time'>;

export interface TransferMarkets extends MarginMarkets {
  readonly accounts: { history(account: TradingAccount): AccountHistory };
  now(): number;
  emit(events: readonly TradingEvent[]): void;
}

/** Moves money between the crossed wallet and that of an isolated position; returns why it may not. */
export function transferIsolated(
  account: TradingAccount,
  transfer: IsolatedTransfer,
  markets: TransferMarkets,
): Refusal | undefined {
  const { symbol, side, type, amount } = transfer;
  const problem = transferProblem(account, transfer, markets);
  if (problem !== undefined) return problem;
  const time = markets.now();
  const before = account.position(symbol, side);
  const isolatedWallet = before.isolatedWallet + (type === 1 ? amount : -amount);
  const position = { ...before, isolatedWallet, updateTime: time };
  account.setPosition(position);
  markets.accounts.history(account).addMarginChange({ ...transfer, time });
  markets.emit([balanceEvent(account, 'MARGIN_TRANSFER', [position], time)]);
  return undefined;
}

function transferProblem(
  account: TradingAccount,
  { symbol, side, type, amount }: IsolatedTransfer,
  markets: MarginMarkets,
): Refusal | undefined {
  if (account.marginType(symbol) !== 'ISOLATED') return notIsolated();
  const state = marginOf(account, markets);
  const position = state.positions.find((one) => one.symbol === symbol && one.side === side);
  if (position === undefined || position.quantity === 0n) return marginWithoutPosition();
  if (type === 1) return amount > state.maxWithdraw ? crossBalanceInsufficient() : undefined;
  const { isolatedWallet, unrealised, positionInitial } = position;
  const worth = isolatedWallet + (unrealised < 0n ? unrealised : 0n);
  return worth - amount < positionInitial ? isolatedBalanceInsufficient() : undefined;
}
