import { ageOf } from '@helios/shared/domain/age.ts';
import type { OrderType } from '@helios/shared/domain/order.ts';
import type { OpenOrder } from '@helios/shared/domain/position.ts';
import type { RiskRuleResult } from '@helios/shared/domain/risk-rule.ts';
import type { Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import { type OrderState, pendingOrder } from './order-state.ts';
import type { OrderRequest } from './venue.ts';

/** What happens after a cancelled order is final. */
export type AfterCancel =
  | { readonly kind: 'RECORD'; readonly answer: 'EXPIRED' | 'CANCELLED'; readonly remark: string }
  | { readonly kind: 'REPLACE'; readonly request: OrderRequest };

/** An order that is sent and not final. */
export interface WorkingOrder {
  order: OpenOrder;
  readonly type: OrderType;
  /** The signal that the order executes. */
  readonly signal: TradingSignal;
  /** Entry signal of the position that an exit closes. */
  readonly positionId: string | undefined;
  state: OrderState;
  /** A decision on the signal is already recorded: the order rested, or replaces one that rested. */
  isOnRecord: boolean;
  /** The final decision on the signal is recorded. */
  isAnswered: boolean;
  /** A fill found no position to leave. */
  isOrphan: boolean;
  after: AfterCancel | undefined;
  /** Result of each risk rule for an entry. */
  readonly rules: readonly RiskRuleResult[] | undefined;
  /** Entry signal of the position that the first fill replaced. */
  replaced: string | undefined;
}

const NONE: readonly WorkingOrder[] = [];

/** Restores a LIMIT order that rested before a restart. */
export function restoredOrder(order: OpenOrder, signal: TradingSignal, positionId: string | undefined): WorkingOrder {
  const state = { ...pendingOrder(order.order_id, order.quantity), isAccepted: true };
  return {
    order,
    type: 'LIMIT',
    signal,
    positionId,
    state,
    isOnRecord: true,
    isAnswered: false,
    isOrphan: false,
    after: undefined,
    rules: undefined,
    replaced: undefined,
  };
}

/** The orders that are not final, by client order id, with their deadlines. */
export class WorkingOrders {
  readonly #orders = new Map<string, WorkingOrder>();
  #nextExpiry = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#orders.size;
  }

  get(clientOrderId: string): WorkingOrder | undefined {
    return this.#orders.get(clientOrderId);
  }

  add(working: WorkingOrder): void {
    const { order } = working;
    this.#orders.set(order.order_id, working);
    this.#nextExpiry = Math.min(this.#nextExpiry, order.expires_ts);
  }

  remove(clientOrderId: string): void {
    if (this.#orders.delete(clientOrderId)) this.#findNextExpiry();
  }

  /** The working order of one purpose for a position; there is at most one. */
  find(symbol: string, side: Side, purpose: OpenOrder['purpose']): WorkingOrder | undefined {
    return this.of(symbol).find(({ order }) => order.side === side && order.purpose === purpose);
  }

  /** A symbol's orders, oldest first. */
  of(symbol: string): WorkingOrder[] {
    if (this.#orders.size === 0) return [];
    return [...this.#orders.values()].filter(({ order }) => order.symbol === symbol);
  }

  /** Working entry orders. */
  entries(): OpenOrder[] {
    return [...this.#orders.values()].flatMap(({ order }) => (order.purpose === 'ENTRY' ? order : []));
  }

  /** Symbols of all working orders, one item per order. */
  symbols(): string[] {
    return [...this.#orders.values()].map(({ order }) => order.symbol);
  }

  /** Time of the first expiry, epoch ms; infinite if there is none. */
  nextExpiry(): number {
    return this.#nextExpiry;
  }

  /** Orders that have expired at `nowMs`, oldest first. */
  expired(nowMs: number): readonly WorkingOrder[] {
    if (nowMs < this.#nextExpiry) return NONE;
    return [...this.#orders.values()].filter(({ order }) => order.expires_ts <= nowMs);
  }

  /** Handles a clock that went back by `byMs`: the age of every order stays the same. Returns the ids of the shifted orders. */
  setClockBack(byMs: number): string[] {
    for (const working of this.#orders.values()) this.#shift(working, byMs);
    return [...this.#orders.keys()];
  }

  /** Handles a clock that was set back before these orders were restored: an order placed after `nowMs` counts as placed now. */
  bringBack(nowMs: number): { readonly clientOrderId: string; readonly byMs: number }[] {
    const shifted: { readonly clientOrderId: string; readonly byMs: number }[] = [];
    for (const working of this.#orders.values()) {
      const { placed_ts, order_id } = working.order;
      if (ageOf(placed_ts, nowMs) !== undefined) continue;
      const byMs = placed_ts - nowMs;
      this.#shift(working, byMs);
      shifted.push({ clientOrderId: order_id, byMs });
    }
    return shifted;
  }

  #shift(working: WorkingOrder, byMs: number): void {
    const { order } = working;
    working.order = { ...order, placed_ts: order.placed_ts - byMs, expires_ts: order.expires_ts - byMs };
    this.#nextExpiry = Math.min(this.#nextExpiry, working.order.expires_ts);
  }

  #findNextExpiry(): void {
    this.#nextExpiry = Number.POSITIVE_INFINITY;
    for (const { order } of this.#orders.values()) this.#nextExpiry = Math.min(this.#nextExpiry, order.expires_ts);
  }
}
