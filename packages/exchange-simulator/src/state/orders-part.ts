import type { QueuePlace } from '@helios/core/matching/queue.ts';
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
  /** Place of each open order in its queue, as last written. */
  readonly #written = new Map<Order, QueuePlace['queueAhead']>();

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
        rows.set('orders', String(order.id), this.#present(order));
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

  /** Adds the open orders whose place in the queue has changed: trades of the market and orders ahead move it without an event. */
  places(rows: StateRows): void {
    const { open } = this.#engine;
    for (const order of open.symbols().flatMap((symbol) => open.of(symbol))) {
      const ahead = aheadOf(order);
      if (this.#written.has(order) && this.#written.get(order) === ahead) continue;
      this.#written.set(order, ahead);
      rows.set('orders', String(order.id), order);
    }
    for (const order of this.#written.keys()) if (!isOpen(order)) this.#written.delete(order);
  }

  /** The order itself while it is open: a copy in an event has no place in the queue yet. */
  #present(order: Order): Order {
    const present = this.#engine.open.byId(order.accountId, order.ticket.symbol, order.id);
    if (present !== undefined) this.#written.set(present, aheadOf(present));
    return present ?? order;
  }
}

/** What is still ahead of a resting order, beyond what has filled. */
function aheadOf({ place }: Order): number | undefined {
  return place?.queueAhead === undefined ? undefined : place.queueAhead - place.tradedAtLimit;
}
