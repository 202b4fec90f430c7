import type { AccountStore } from '../accounts/account-store.ts';
import type { MatchingEngine } from '../trading/matching-engine.ts';
import { isOpen, type Order } from '../trading/order.ts';
import type { TradingEvent } from '../trading/trading-event.ts';
import type { StateContent } from './state-content.ts';
import { type StatePart, StateRows } from './state-part.ts';

type Ids = MatchingEngine['nextIds'];

/** Open and closed orders, and the ids of the next ones. */
export class OrdersPart implements StatePart {
  readonly #engine: MatchingEngine;
  readonly #accounts: AccountStore;
  /** Quantity traded ahead of each open order, as last written. */
  readonly #traded = new Map<Order, number>();

  constructor(engine: MatchingEngine, accounts: AccountStore) {
    this.#engine = engine;
    this.#accounts = accounts;
  }

  restore(content: StateContent): void {
    const ids = content.table('ids').get('engine');
    if (ids !== undefined) this.#engine.nextIds = ids as Ids;
    for (const row of content.table('orders').values()) {
      const order = row as Order;
      order.place ??= undefined;
      const account = this.#accounts.byId(order.accountId);
      if (account === undefined) continue;
      if (isOpen(order)) this.#engine.restore(order);
      else this.#accounts.history(account).addClosed(order);
    }
  }

  *all(): Iterable<StateRows> {
    const ids = new StateRows();
    ids.set('ids', 'engine', this.#engine.nextIds);
    yield ids;
    for (const account of this.#accounts.all()) {
      const orders = [...this.#accounts.history(account).closedOrders(), ...this.#engine.open.ofAccount(account.id)];
      for (const order of orders) {
        const rows = new StateRows();
        rows.set('orders', String(order.id), order);
        yield rows;
      }
    }
  }

  changed(events: readonly TradingEvent[], rows: StateRows): void {
    const changed = new Map<bigint, Order>();
    for (const event of events) if (event.kind === 'ORDER') changed.set(event.order.id, event.order);
    if (changed.size > 0) rows.set('ids', 'engine', this.#engine.nextIds);
    for (const [id, order] of changed) rows.set('orders', String(id), this.#present(order));
  }

  /** Adds the open orders whose place in the queue has changed: trades of the market move it without an event. */
  places(rows: StateRows): void {
    const { open } = this.#engine;
    for (const order of open.symbols().flatMap((symbol) => open.of(symbol))) {
      const traded = order.place?.tradedAtLimit ?? 0;
      if ((this.#traded.get(order) ?? 0) === traded) continue;
      this.#traded.set(order, traded);
      rows.set('orders', String(order.id), order);
    }
    for (const order of this.#traded.keys()) if (!isOpen(order)) this.#traded.delete(order);
  }

  /** The order itself while it is open: a copy in an event has no place in the queue yet. */
  #present(order: Order): Order {
    return this.#engine.open.byId(order.accountId, order.ticket.symbol, order.id) ?? order;
  }
}
