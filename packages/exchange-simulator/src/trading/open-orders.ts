import { isOpen, type Order } from './order.ts';

/** The open orders of every account, by symbol, oldest first. */
export class OpenOrders {
  readonly #bySymbol = new Map<string, Map<bigint, Order>>();

  add(order: Order): void {
    const known = this.#bySymbol.get(order.ticket.symbol);
    if (known === undefined) this.#bySymbol.set(order.ticket.symbol, new Map([[order.id, order]]));
    else known.set(order.id, order);
  }

  remove(order: Order): void {
    this.#bySymbol.get(order.ticket.symbol)?.delete(order.id);
  }

  of(symbol: string): readonly Order[] {
    return [...(this.#bySymbol.get(symbol)?.values() ?? [])];
  }

  /** Open orders of an account, of one symbol or of all. */
  ofAccount(accountId: string, symbol?: string): readonly Order[] {
    const lists = symbol === undefined ? [...this.#bySymbol.values()] : [this.#bySymbol.get(symbol) ?? new Map()];
    return lists.flatMap((orders) => [...orders.values()].filter((order) => order.accountId === accountId));
  }

  byId(accountId: string, symbol: string, id: bigint): Order | undefined {
    const order = this.#bySymbol.get(symbol)?.get(id);
    return order?.accountId === accountId ? order : undefined;
  }

  byClientId(accountId: string, symbol: string, clientOrderId: string): Order | undefined {
    return this.of(symbol).find(
      (order) => order.accountId === accountId && order.ticket.clientOrderId === clientOrderId && isOpen(order),
    );
  }

  /** Symbols that have open orders. */
  symbols(): readonly string[] {
    return [...this.#bySymbol].flatMap(([symbol, orders]) => (orders.size > 0 ? [symbol] : []));
  }
}
