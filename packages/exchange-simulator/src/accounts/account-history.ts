import type { Order } from '../trading/order.ts';
import type { AccountTrade, Income, MarginChange } from './trading-account.ts';

/** Rows kept per account and list. The venue keeps more; the simulator's memory must stay flat. */
const ROWS_KEPT = 10_000;

/** Called with each new row. */
export type RowObserver = (
  list: 'trades' | 'income' | 'marginChanges',
  row: AccountTrade | Income | MarginChange,
) => void;

/** Closed orders, trades and income of one account, oldest first. */
export class AccountHistory {
  readonly #closed = new Map<bigint, Order>();
  #trades: AccountTrade[] = [];
  #income: Income[] = [];
  #marginChanges: MarginChange[] = [];
  #onRow: RowObserver = () => {};

  addClosed(order: Order): void {
    this.#closed.set(order.id, order);
    if (this.#closed.size <= ROWS_KEPT) return;
    const oldest = this.#closed.keys().next().value;
    if (oldest !== undefined) this.#closed.delete(oldest);
  }

  addTrade(trade: AccountTrade): void {
    this.#trades = appended(this.#trades, trade);
    this.#onRow('trades', trade);
  }

  addIncome(income: Income): void {
    this.#income = appended(this.#income, income);
    this.#onRow('income', income);
  }

  /** Sets who is called with each new row. */
  watch(onRow: RowObserver): void {
    this.#onRow = onRow;
  }

  addMarginChange(change: MarginChange): void {
    this.#marginChanges = appended(this.#marginChanges, change);
    this.#onRow('marginChanges', change);
  }

  /** A closed order; undefined if there is none, or it is too old. */
  closedOrder(id: bigint): Order | undefined {
    return this.#closed.get(id);
  }

  closedOrders(): readonly Order[] {
    return [...this.#closed.values()];
  }

  trades(): readonly AccountTrade[] {
    return this.#trades;
  }

  income(): readonly Income[] {
    return this.#income;
  }

  marginChanges(): readonly MarginChange[] {
    return this.#marginChanges;
  }
}

/** Appends in place; drops the oldest rows now and then, so that an append costs little. */
function appended<T>(rows: T[], row: T): T[] {
  rows.push(row);
  return rows.length > ROWS_KEPT * 1.2 ? rows.slice(-ROWS_KEPT) : rows;
}
