import type { Order, OrderSide } from './order.ts';

/** The resting orders of one side of a contract: best price first, then oldest first. */
export class RestingSide {
  /** 1 if the lowest price is the best. */
  readonly #sign: 1 | -1;
  readonly #orders: Order[] = [];

  constructor(side: OrderSide) {
    this.#sign = side === 'SELL' ? 1 : -1;
  }

  get orders(): readonly Order[] {
    return this.#orders;
  }

  /** Adds an order behind those of the same price. */
  add(order: Order): void {
    this.#orders.splice(this.#firstAfter(order.ticket.price, true), 0, order);
  }

  /** Removes an order; nothing happens if it does not rest here. */
  remove(order: Order): void {
    const at = this.#orders.indexOf(order, this.#firstAfter(order.ticket.price, false));
    if (at >= 0) this.#orders.splice(at, 1);
  }

  /** The orders at a price, oldest first. */
  at(price: number): readonly Order[] {
    return this.#orders.slice(this.#firstAfter(price, false), this.#firstAfter(price, true));
  }

  /** Index of the first order with a worse price, or with `price` itself unless `skipsEqual`. */
  #firstAfter(price: number, skipsEqual: boolean): number {
    let low = 0;
    let high = this.#orders.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const worse = this.#sign * ((this.#orders[middle]?.ticket.price ?? price) - price);
      if (worse < 0 || (skipsEqual && worse === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
