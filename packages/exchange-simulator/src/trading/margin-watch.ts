import {
  type AccountMargin,
  isCrossLiquidated,
  isIsolatedLiquidated,
  type PositionMargin,
} from '@helios/core/matching/margin.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import type { LiquidationVenue, Liquidator } from './liquidator.ts';
import { positionsMargin } from './margin-state.ts';

type WatchedVenue = Pick<LiquidationVenue, 'accounts' | 'engine' | 'marketOf' | 'markPrice' | 'now' | 'emit'>;

/** Maintenance margin in percent of the margin balance at which the venue sends MARGIN_CALL. */
const CALL_PERCENT = 80n;
const CROSS = 'CROSS';

/** Compares the margin of the accounts with their maintenance margin whenever a price or a wallet changed. */
export class MarginWatch {
  readonly #venue: WatchedVenue;
  readonly #liquidation: Liquidator;
  /** What was called per account: CROSS, or an isolated position. It is called again only after it was safe. */
  readonly #called = new Map<string, ReadonlySet<string>>();

  constructor(venue: WatchedVenue, liquidation: Liquidator) {
    this.#venue = venue;
    this.#liquidation = liquidation;
  }

  /** Checks the accounts that hold a symbol; cheap if none does. */
  onPrice(symbol: string): void {
    for (const account of this.#venue.accounts.all()) if (account.holds(symbol)) this.#check(account);
  }

  /** Checks every account, after their wallets changed. */
  onWallets(): void {
    for (const account of this.#venue.accounts.all()) this.#check(account);
  }

  #check(account: TradingAccount): void {
    const state = positionsMargin(account, this.#venue);
    for (const position of state.positions.filter(isIsolatedLiquidated))
      this.#liquidation.closeIsolated(account, position);
    if (isCrossLiquidated(state)) this.#liquidation.closeCrossed(account);
    this.#call(account, positionsMargin(account, this.#venue));
  }

  #call(account: TradingAccount, state: AccountMargin): void {
    const crossed = state.positions.filter(({ isIsolated }) => !isIsolated);
    const isolated = state.positions.filter(
      (one) => one.isIsolated && isNear(one, one.isolatedWallet + one.unrealised),
    );
    const isCrossNear = isNear({ maintenance: state.crossMaintenance }, state.crossWallet + state.crossUnrealised);
    const before = this.#called.get(account.id);
    const near = new Set([...(isCrossNear ? [CROSS] : []), ...isolated.map(nameOf)]);
    if (near.size > 0 || before !== undefined) this.#called.set(account.id, near);
    if (isCrossNear && before?.has(CROSS) !== true) this.#send(account, crossed, state.crossWallet);
    for (const one of isolated) if (before?.has(nameOf(one)) !== true) this.#send(account, [one], undefined);
  }

  #send(account: TradingAccount, margins: readonly PositionMargin[], crossWallet: bigint | undefined): void {
    const positions = margins.map(({ symbol, side, isIsolated, unrealised, maintenance }) => ({
      ...{ position: account.position(symbol, side), isIsolated, unrealised, maintenance },
      markPrice: this.#venue.markPrice(symbol) ?? '0',
    }));
    this.#venue.emit([{ kind: 'MARGIN_CALL', accountId: account.id, ts: this.#venue.now(), crossWallet, positions }]);
  }
}

function isNear({ maintenance }: Pick<PositionMargin, 'maintenance'>, balance: bigint): boolean {
  return maintenance > 0n && maintenance * 100n >= balance * CALL_PERCENT;
}

function nameOf({ symbol, side }: PositionMargin): string {
  return `${symbol}|${side}`;
}
