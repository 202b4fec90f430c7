import { isCrossLiquidated, type PositionMargin } from '@helios/core/matching/margin.ts';
import { bankruptcyPrice } from '@helios/core/matching/margin-liquidation.ts';
import { moneyOf } from '@helios/core/matching/money.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import type { TransactionIds } from '../accounts/transaction-ids.ts';
import { type AdlMarkets, adlQueue } from './adl.ts';
import { type ForcedKind, forcedTicket } from './forced-ticket.ts';
import { positionsMargin } from './margin-state.ts';
import type { Order, OrderTicket, VenueOrderStatus } from './order.ts';
import { balanceEvent } from './settlement.ts';
import type { TradingEvent } from './trading-event.ts';

/** What a liquidation needs of the venue. */
export interface LiquidationVenue extends AdlMarkets {
  now(): number;
  emit(events: readonly TradingEvent[]): void;
  readonly transactionIds: TransactionIds;
  /** Places an order that takes from the book within its price. */
  takeFromBook(account: TradingAccount, ticket: OrderTicket): void;
  /** Fills an order whole at its price, outside the book; its event tells the status `shown`. */
  fillOutside(account: TradingAccount, ticket: OrderTicket, shown: VenueOrderStatus): void;
  /** Ends an open order because of the liquidation. */
  endForLiquidation(order: Order): void;
}

/** Liquidation clearance fee in units of 1e-6 of the closed value: `liquidationFee` of `exchangeInfo`. */
const CLEARANCE_RATE = 15_000n;
const RATE_UNIT = 1_000_000n;

/**
 * Closes positions whose margin has reached the maintenance margin.
 *
 * The venue first ends the open orders, then sends an IOC order at the bankruptcy price. What the book does not take there goes to the best
 * ranked opposite account by auto-deleveraging, and the rest to the insurance fund, both at the bankruptcy price. At last the fund
 * takes the clearance fee from what is left of the margin, or pays what the account is short of.
 */
export class Liquidator {
  readonly #venue: LiquidationVenue;

  constructor(venue: LiquidationVenue) {
    this.#venue = venue;
  }

  /** Closes one isolated position; the crossed money is not touched. */
  closeIsolated(account: TradingAccount, position: PositionMargin): void {
    this.#endOrders(account, ({ symbol }) => symbol === position.symbol);
    const before = account.wallet;
    const value = this.#close(account, position, position.isolatedWallet);
    this.#clear(account, position.symbol, value, position.isolatedWallet + account.wallet - before);
  }

  /** Closes crossed positions, that with the largest maintenance margin first, until the rest is safe. */
  closeCrossed(account: TradingAccount): void {
    this.#endOrders(account, ({ symbol }) => account.marginType(symbol) === 'CROSSED');
    for (;;) {
      const state = positionsMargin(account, this.#venue);
      if (!isCrossLiquidated(state)) return;
      const crossed = state.positions.filter(({ isIsolated }) => !isIsolated);
      const [worst] = crossed.toSorted((a, b) => (a.maintenance < b.maintenance ? 1 : -1));
      if (worst === undefined) return;
      const value = this.#close(account, worst, state.crossWallet + state.crossUnrealised - worst.unrealised);
      const after = positionsMargin(account, this.#venue);
      this.#clear(account, worst.symbol, value, after.crossWallet + after.crossUnrealised);
    }
  }

  /** Liquidates the positions of a symbol although their margin suffices; the number of them. */
  force(account: TradingAccount, symbol: string): number {
    const open = this.#openOf(account, symbol);
    for (const position of open) {
      if (position.isIsolated) {
        this.closeIsolated(account, position);
        continue;
      }
      this.#endOrders(account, (ticket) => ticket.symbol === symbol);
      const { crossWallet, crossUnrealised } = positionsMargin(account, this.#venue);
      const value = this.#close(account, position, crossWallet + crossUnrealised - position.unrealised);
      const after = positionsMargin(account, this.#venue);
      this.#clear(account, symbol, value, after.crossWallet + after.crossUnrealised);
    }
    return open.length;
  }

  /** Closes the positions of a symbol at the mark price by auto-deleveraging, as if another account were bankrupt; the number of them. */
  deleverage(account: TradingAccount, symbol: string): number {
    const grid = this.#venue.marketOf(symbol)?.grid;
    const markPrice = this.#venue.markPrice(symbol);
    if (grid === undefined || markPrice === undefined) return 0;
    const open = this.#openOf(account, symbol);
    for (const { side } of open) {
      const { steps } = account.position(symbol, side).holding;
      const price = Math.max(1, grid.ticksAt(moneyOf(markPrice), 'UP'));
      const ticket = forcedTicket('ADL', { symbol, positionSide: side, steps, price }, this.#nextId());
      this.#venue.fillOutside(account, ticket, 'NEW_ADL');
    }
    return open.length;
  }

  #openOf(account: TradingAccount, symbol: string): readonly PositionMargin[] {
    return positionsMargin(account, this.#venue).positions.filter(
      (one) => one.symbol === symbol && one.quantity !== 0n,
    );
  }

  #endOrders(account: TradingAccount, isMeant: (ticket: OrderTicket) => boolean): void {
    for (const order of this.#venue.engine.open.ofAccount(account.id))
      if (isMeant(order.ticket)) this.#venue.endForLiquidation(order);
  }

  /** Closes a whole position and returns the value that was closed. */
  #close(account: TradingAccount, position: PositionMargin, collateral: bigint): bigint {
    const { symbol, side, quantity } = position;
    const grid = this.#venue.marketOf(symbol)?.grid;
    if (grid === undefined) throw new Error(`The contract ${symbol} has no market.`);
    const price = Math.max(1, grid.ticksAt(bankruptcyPrice(collateral, position), quantity > 0n ? 'UP' : 'DOWN'));
    const left = () => account.position(symbol, side).holding.steps;
    const steps = left();
    const ticket = (kind: ForcedKind, of: number, rowSide = side) =>
      forcedTicket(kind, { symbol, positionSide: rowSide, steps: of, price }, this.#nextId());
    this.#venue.takeFromBook(account, ticket('LIQUIDATION', steps));
    for (const opposite of adlQueue(symbol, steps < 0, this.#venue)) {
      if (opposite.account === account) continue;
      const held = opposite.account.position(symbol, opposite.margin.side).holding.steps;
      const size = Math.min(Math.abs(left()), Math.abs(held)) * Math.sign(steps);
      if (size === 0) break;
      this.#venue.fillOutside(account, ticket('LIQUIDATION', size), 'FILLED');
      this.#venue.fillOutside(opposite.account, ticket('ADL', -size, opposite.margin.side), 'NEW_ADL');
    }
    if (left() !== 0) this.#venue.fillOutside(account, ticket('INSURANCE', left()), 'NEW_INSURANCE');
    return grid.value(price, Math.abs(steps));
  }

  #nextId(): number {
    return this.#venue.transactionIds.next(this.#venue.now());
  }

  /** Books the insurance fund's part: `left` is the money that remains of the liquidated margin. */
  #clear(account: TradingAccount, symbol: string, value: bigint, left: bigint): void {
    const fee = (value * CLEARANCE_RATE) / RATE_UNIT;
    const amount = left > fee ? -fee : -left;
    if (amount === 0n) return;
    const ts = this.#venue.now();
    account.wallet += amount;
    const tranId = this.#nextId();
    const row = {
      symbol,
      type: 'INSURANCE_CLEAR',
      amount,
      info: 'INSURANCE_CLEAR',
      time: ts,
      tranId,
      tradeId: '',
    } as const;
    this.#venue.accounts.history(account).addIncome(row);
    this.#venue.emit([balanceEvent(account, 'INSURANCE_CLEAR', [], ts, amount)]);
  }
}
