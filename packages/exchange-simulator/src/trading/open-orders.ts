import type { Order, OrderSide } from './order.ts';
import { RestingSide } from './resting-side.ts';

/** The open orders of one contract. */
class ContractOrders {
  readonly byId = new Map<bigint, Order>();
  readonly byClientId = new Map<string, Order>();
  readonly BUY = new RestingSide('BUY');
  readonly SELL = new RestingSide('SELL');
}

/** The open orders of every account. An order that rests also has a place in the queue of its side. */
export class OpenOrders {
  readonly #bySymbol = new Map<string, ContractOrders>();
  readonly #byAccount = new Map<string, Map<string, Set<Order>>>();

  /** Adds an accepted order, which does not rest yet. */
  add(order: Order): void {
    const { symbol, clientOrderId } = order.ticket;
    const known = this.#contract(symbol);
    known.byId.set(order.id, order);
    known.byClientId.set(clientKey(order.accountId, clientOrderId), order);
    const bySymbol = this.#byAccount.get(order.accountId) ?? new Map<string, Set<Order>>();
    this.#byAccount.set(order.accountId, bySymbol);
    bySymbol.set(symbol, (bySymbol.get(symbol) ?? new Set()).add(order));
  }

  /** Puts an added order into the queue of its price. */
  rest(order: Order): void {
    this.#contract(order.ticket.symbol)[order.ticket.side].add(order);
  }

  /** Takes an order out of its queue; it stays open. */
  unrest(order: Order): void {
    this.#bySymbol.get(order.ticket.symbol)?.[order.ticket.side].remove(order);
  }

  remove(order: Order): void {
    const { symbol, side, clientOrderId } = order.ticket;
    const known = this.#bySymbol.get(symbol);
    if (known === undefined) return;
    known.byId.delete(order.id);
    const key = clientKey(order.accountId, clientOrderId);
    if (known.byClientId.get(key) === order) known.byClientId.delete(key);
    known[side].remove(order);
    this.#byAccount.get(order.accountId)?.get(symbol)?.delete(order);
  }

  /** All open orders of a contract, oldest first. */
  of(symbol: string): readonly Order[] {
    return [...(this.#bySymbol.get(symbol)?.byId.values() ?? [])];
  }

  /** The resting orders of a side, best price first, then oldest. The list is live: copy it before you change orders. */
  resting(symbol: string, side: OrderSide): readonly Order[] {
    return this.#bySymbol.get(symbol)?.[side].orders ?? NONE;
  }

  /** The resting orders of a side at one price, oldest first. */
  restingAt(symbol: string, side: OrderSide, price: number): readonly Order[] {
    return this.#bySymbol.get(symbol)?.[side].at(price) ?? NONE;
  }

  /** Open orders of an account in one contract; live, oldest first. */
  inContract(accountId: string, symbol: string): ReadonlySet<Order> {
    return this.#byAccount.get(accountId)?.get(symbol) ?? NO_ORDERS;
  }

  /** Open orders of an account, of one symbol or of all. */
  ofAccount(accountId: string, symbol?: string): readonly Order[] {
    if (symbol !== undefined) return [...this.inContract(accountId, symbol)];
    return [...(this.#byAccount.get(accountId)?.values() ?? [])].flatMap((orders) => [...orders]);
  }

  byId(accountId: string, symbol: string, id: bigint): Order | undefined {
    const order = this.#bySymbol.get(symbol)?.byId.get(id);
    return order?.accountId === accountId ? order : undefined;
  }

  byClientId(accountId: string, symbol: string, clientOrderId: string): Order | undefined {
    return this.#bySymbol.get(symbol)?.byClientId.get(clientKey(accountId, clientOrderId));
  }

  /** Symbols that have open orders. */
  symbols(): readonly string[] {
    return [...this.#bySymbol].flatMap(([symbol, { byId }]) => (byId.size > 0 ? [symbol] : []));
  }

  #contract(symbol: string): ContractOrders {
    const known = this.#bySymbol.get(symbol) ?? new ContractOrders();
    this.#bySymbol.set(symbol, known);
    return known;
  }
}

const NONE: readonly Order[] = [];
const NO_ORDERS: ReadonlySet<Order> = new Set();

function clientKey(accountId: string, clientOrderId: string): string {
  return `${accountId}|${clientOrderId}`;
}
