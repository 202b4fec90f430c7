import type { AccountStore } from '../accounts/account-store.ts';
import type { ConditionalOrder } from '../trading/conditional-order.ts';
import type { ConditionalOrders } from '../trading/conditional-orders.ts';
import { isOpen, type Order } from '../trading/order.ts';
import type { TradingEvent } from '../trading/trading-event.ts';
import type { StateContent } from './state-content.ts';
import { type StatePart, StateRows } from './state-part.ts';

/** Conditional orders, waiting and past, and the id of the next one. */
export class ConditionalPart implements StatePart {
  readonly #conditional: ConditionalOrders;
  readonly #accounts: AccountStore;
  /** The trigger of each waiting order as last written; a step replaces it. */
  readonly #triggers = new Map<ConditionalOrder, ConditionalOrder['trigger']>();

  constructor(conditional: ConditionalOrders, accounts: AccountStore) {
    this.#conditional = conditional;
    this.#accounts = accounts;
  }

  restore(content: StateContent): void {
    const nextId = content.table('ids').get('conditional');
    if (nextId !== undefined) this.#conditional.nextId = nextId as bigint;
    const actualOf = new Map<bigint, Order>();
    for (const row of content.table('orders').values()) {
      const { origin } = (row as Order).ticket;
      if (origin !== undefined) actualOf.set(origin.algoId, row as Order);
    }
    for (const row of content.table('conditional').values()) {
      const order = row as ConditionalOrder;
      if (order.status === 'TRIGGERING') completeTrigger(order, actualOf.get(order.id));
      this.#conditional.restore(order);
    }
  }

  *all(): Iterable<StateRows> {
    for (const { id } of this.#accounts.all()) {
      for (const order of this.#conditional.book.history(id)) {
        const rows = new StateRows();
        this.#set(order, rows);
        yield rows;
      }
    }
  }

  changed(events: readonly TradingEvent[], rows: StateRows): void {
    for (const event of events) if (event.kind === 'ALGO') this.#set(event.order, rows);
  }

  /** Adds the orders whose trigger moved without an event, such as that of a trailing stop. */
  triggers(rows: StateRows): void {
    for (const order of this.#conditional.book.all()) {
      if (this.#triggers.get(order) === order.trigger) continue;
      this.#triggers.set(order, order.trigger);
      this.#set(order, rows);
    }
    for (const order of this.#triggers.keys()) if (order.status !== 'NEW') this.#triggers.delete(order);
  }

  #set(order: ConditionalOrder, rows: StateRows): void {
    rows.set('ids', 'conditional', this.#conditional.nextId);
    rows.set('conditional', String(order.id), order);
  }
}

/** An order that was killed at its trigger triggers again, unless its ordinary order was written already. */
function completeTrigger(order: ConditionalOrder, actual: Order | undefined): void {
  if (actual === undefined) {
    order.status = 'NEW';
    return;
  }
  const { id, filled, filledValue, ticket } = actual;
  order.actual = { id, filled, filledValue, type: ticket.type };
  order.status = isOpen(actual) ? 'TRIGGERED' : 'FINISHED';
}
