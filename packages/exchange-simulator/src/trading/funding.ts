import { divided, moneyOf } from '@helios/core/matching/money.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { Position, TradingAccount } from '../accounts/trading-account.ts';
import type { TransactionIds } from '../accounts/transaction-ids.ts';
import type { MarginMarkets } from './margin-state.ts';
import { balanceEvent } from './settlement.ts';
import type { Scheduled } from './timers.ts';
import type { TradingEvent } from './trading-event.ts';

export interface FundingVenue extends Pick<MarginMarkets, 'marketOf' | 'markPrice'> {
  readonly accounts: AccountStore;
  readonly transactionIds: TransactionIds;
  /** Funding rate of a perpetual, a decimal text; undefined for other contracts. */
  fundingRate(symbol: string): string | undefined;
  now(): number;
  emit(events: readonly TradingEvent[]): void;
  /** Called after wallets changed. */
  onWallets(): void;
}

/** Every perpetual is settled at 00:00, 08:00 and 16:00 UTC. */
const INTERVAL_MS = 28_800_000;
const UNIT = 100_000_000n;

/** Pays the funding of all positions at its times: mark price × quantity × rate of that moment; a positive rate moves money to the shorts. */
export class Funding implements Scheduled {
  readonly #venue: FundingVenue;
  #nextTs: number;

  constructor(venue: FundingVenue) {
    this.#venue = venue;
    this.#nextTs = after(venue.now());
  }

  dueTs(): number {
    return this.#nextTs;
  }

  run(ts: number): void {
    this.#nextTs = after(ts);
    for (const account of this.#venue.accounts.all()) {
      const events = account.positions().flatMap((position) => this.#settle(account, position, ts) ?? []);
      if (events.length > 0) this.#venue.emit(events);
    }
    this.#venue.onWallets();
  }

  #settle(account: TradingAccount, before: Position, ts: number): TradingEvent | undefined {
    const { symbol } = before;
    const amount = this.#amountOf(before);
    if (amount === 0n) return undefined;
    const isIsolated = account.marginType(symbol) === 'ISOLATED';
    account.wallet += amount;
    const position = { ...before, isolatedWallet: before.isolatedWallet + amount, updateTime: ts };
    if (isIsolated) account.setPosition(position);
    const tranId = this.#venue.transactionIds.next(ts);
    const row = { symbol, type: 'FUNDING_FEE', amount, info: 'FUNDING_FEE', time: ts, tranId, tradeId: '' } as const;
    this.#venue.accounts.history(account).addIncome(row);
    return balanceEvent(account, 'FUNDING_FEE', isIsolated ? [position] : [], ts, amount);
  }

  /** What the account receives, money; negative if it pays. */
  #amountOf({ symbol, holding }: Position): bigint {
    const grid = this.#venue.marketOf(symbol)?.grid;
    const markPrice = this.#venue.markPrice(symbol);
    const rate = this.#venue.fundingRate(symbol);
    if (holding.steps === 0 || grid === undefined || markPrice === undefined || rate === undefined) return 0n;
    return divided(-grid.markValue(markPrice, holding.steps) * moneyOf(rate), UNIT);
  }
}

/** The first funding time after `ts`. */
function after(ts: number): number {
  return (Math.floor(ts / INTERVAL_MS) + 1) * INTERVAL_MS;
}
