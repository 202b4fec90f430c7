import type { Order } from './order.ts';

/** One accepted change of an order. Prices in ticks, quantities in steps. */
export interface AmendmentEntry {
  readonly id: number;
  readonly accountId: string;
  readonly orderId: bigint;
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly time: number;
  readonly price: { readonly before: number; readonly after: number };
  readonly quantity: { readonly before: number; readonly after: number };
  /** How often the order was changed so far. */
  readonly count: number;
}

const FIRST_ID = 5_001;
/** Entries kept over all accounts; the oldest go first. */
const ENTRIES_KEPT = 10_000;

/** The changes of orders, oldest first. */
export class AmendmentLog {
  #entries: AmendmentEntry[] = [];
  readonly #counts = new Map<bigint, number>();
  #nextId = FIRST_ID;

  /** Records that an order, which has its new price and quantity already, was changed. */
  add(
    { id: orderId, accountId, ticket }: Order,
    before: Pick<Order['ticket'], 'price' | 'quantity'>,
    time: number,
  ): void {
    const { symbol, clientOrderId } = ticket;
    const count = this.countOf(orderId) + 1;
    this.#counts.set(orderId, count);
    this.#entries.push({
      ...{ id: this.#nextId, accountId, orderId, symbol, clientOrderId, time, count },
      price: { before: before.price, after: ticket.price },
      quantity: { before: before.quantity, after: ticket.quantity },
    });
    this.#nextId += 1;
    if (this.#entries.length > ENTRIES_KEPT * 1.2) this.#entries = this.#entries.slice(-ENTRIES_KEPT);
    if (this.#counts.size > ENTRIES_KEPT) this.#counts.delete(this.#counts.keys().next().value ?? orderId);
  }

  countOf(orderId: bigint): number {
    return this.#counts.get(orderId) ?? 0;
  }

  /** The changes of an order of an account, newest first. */
  of(accountId: string, isOrder: (entry: AmendmentEntry) => boolean): readonly AmendmentEntry[] {
    return this.#entries.filter((entry) => entry.accountId === accountId && isOrder(entry)).reverse();
  }
}
