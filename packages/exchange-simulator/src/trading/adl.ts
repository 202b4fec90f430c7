import type { PositionMargin } from '@helios/core/matching/margin.ts';
import { absMoney } from '@helios/core/matching/money.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import { type MarginMarkets, positionsMargin } from './margin-state.ts';

/** What auto-deleveraging needs of the venue. */
export interface AdlMarkets extends MarginMarkets {
  readonly accounts: AccountStore;
}

/** A position in the queue of auto-deleveraging. */
export interface AdlPlace {
  readonly account: TradingAccount;
  readonly margin: PositionMargin;
  readonly score: number;
}

/** The positions of a symbol on one side, in the order in which auto-deleveraging closes them. */
export function adlQueue(symbol: string, isLong: boolean, markets: AdlMarkets): readonly AdlPlace[] {
  const places = markets.accounts.all().flatMap((account) =>
    account.holds(symbol)
      ? positionsMargin(account, markets)
          .positions.filter((one) => one.symbol === symbol && one.quantity !== 0n && one.quantity > 0n === isLong)
          .map((margin) => ({ account, margin, score: scoreOf(margin) }))
      : [],
  );
  return places.toSorted((a, b) => b.score - a.score);
}

/** Quantile of a position in its queue, as the venue tells it: 0 without a position, 1 to 4, where 4 is closed first. */
export function adlQuantileOf(account: TradingAccount, margin: PositionMargin, markets: AdlMarkets): number {
  if (margin.quantity === 0n) return 0;
  const queue = adlQueue(margin.symbol, margin.quantity > 0n, markets);
  const place = queue.findIndex((one) => one.account === account && one.margin.side === margin.side);
  return place < 0 ? 0 : Math.ceil((4 * (queue.length - place)) / queue.length);
}

/** The venue's ranking: profit in percent times leverage; a loss divided by it. No money moves by it, so a number is exact enough. */
function scoreOf({ unrealised, cost, leverage }: PositionMargin): number {
  const ratio = cost === 0n ? 0 : Number(unrealised) / Number(absMoney(cost));
  return ratio > 0 ? ratio * leverage : ratio / leverage;
}
