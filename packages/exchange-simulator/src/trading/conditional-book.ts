import { type ConditionalOrder, isWaiting } from './conditional-order.ts';

/** Ended orders kept per account; the oldest are dropped, so that memory stays flat. */
const ENDED_KEPT = 10_000;

/** The conditional orders of all accounts: those that wait, by symbol, and those that have left the algo service. */
export class ConditionalBook {
  readonly #waiting = new Map<string, Map<bigint, ConditionalOrder>>();
  /** Triggered and ended orders by account, oldest first. */
  readonly #past = new Map<string, Map<bigint, ConditionalOrder>>();

  add(order: ConditionalOrder): void {
    const { symbol } = order.ticket;
    const known = this.#waiting.get(symbol);
    if (known === undefined) this.#waiting.set(symbol, new Map([[order.id, order]]));
    else known.set(order.id, order);
  }

  /** Moves an order that no longer waits to the past. */
  retire(order: ConditionalOrder): void {
    this.#waiting.get(order.ticket.symbol)?.delete(order.id);
    const past = this.#past.get(order.accountId) ?? new Map<bigint, ConditionalOrder>();
    this.#past.set(order.accountId, past.set(order.id, order));
    if (past.size <= ENDED_KEPT) return;
    const oldest = [...past.values()].find(({ status }) => status !== 'TRIGGERED');
    if (oldest !== undefined) past.delete(oldest.id);
  }

  /** Waiting orders of a symbol, oldest first. */
  of(symbol: string): readonly ConditionalOrder[] {
    const orders = this.#waiting.get(symbol);
    return orders === undefined || orders.size === 0 ? [] : [...orders.values()];
  }

  /** Waiting orders of an account, of one symbol or of all. */
  ofAccount(accountId: string, symbol?: string): readonly ConditionalOrder[] {
    const lists = symbol === undefined ? [...this.#waiting.values()] : [this.#waiting.get(symbol) ?? new Map()];
    return lists.flatMap((orders) => [...orders.values()].filter((order) => order.accountId === accountId));
  }

  /** Every waiting order. */
  all(): readonly ConditionalOrder[] {
    return [...this.#waiting.values()].flatMap((orders) => [...orders.values()]);
  }

  /** Every known order of an account, oldest first. */
  history(accountId: string): readonly ConditionalOrder[] {
    const past = this.#past.get(accountId)?.values() ?? [];
    return [...past, ...this.ofAccount(accountId)].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  byId(accountId: string, id: bigint): ConditionalOrder | undefined {
    return this.ofAccount(accountId).find((order) => order.id === id) ?? this.past(accountId, id);
  }

  /** The waiting order of a client id, or else the newest that has it. */
  byClientId(accountId: string, clientAlgoId: string): ConditionalOrder | undefined {
    const named = this.history(accountId).filter(({ ticket }) => ticket.clientAlgoId === clientAlgoId);
    return named.find(isWaiting) ?? named.at(-1);
  }

  /** An order that has left the algo service. */
  past(accountId: string, id: bigint): ConditionalOrder | undefined {
    return this.#past.get(accountId)?.get(id);
  }
}
