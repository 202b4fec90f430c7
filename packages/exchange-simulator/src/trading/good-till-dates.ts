import type { Order } from './order.ts';
import type { Scheduled } from './timers.ts';

/** Ends the GTD orders at their dates. */
export class GoodTillDates implements Scheduled {
  readonly #orders = new Set<Order>();
  readonly #expire: (order: Order) => void;
  #dueTs: number | undefined;

  /** @param expire ends an order; it must lead to `remove` */
  constructor(expire: (order: Order) => void) {
    this.#expire = expire;
  }

  /** Watches an open order; orders without a date are ignored. */
  add(order: Order): void {
    const { goodTillDate } = order.ticket;
    if (goodTillDate === 0) return;
    this.#orders.add(order);
    this.#dueTs = Math.min(this.#dueTs ?? goodTillDate, goodTillDate);
  }

  remove(order: Order): void {
    if (this.#orders.delete(order) && order.ticket.goodTillDate === this.#dueTs) this.#dueTs = this.#first();
  }

  dueTs(): number | undefined {
    return this.#dueTs;
  }

  run(ts: number): void {
    for (const order of [...this.#orders]) if (order.ticket.goodTillDate <= ts) this.#expire(order);
  }

  #first(): number | undefined {
    let first: number | undefined;
    for (const { ticket } of this.#orders) first = Math.min(first ?? ticket.goodTillDate, ticket.goodTillDate);
    return first;
  }
}
