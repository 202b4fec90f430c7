import type { Quote } from '@helios/shared/domain/signal.ts';
import { isChildOver, isInDoubt } from './child-order.ts';
import { advance, look, timeChild } from './drive-orders.ts';
import type { LiveContext } from './live-context.ts';
import type { OrderHooks, OrderPair } from './order-pair.ts';
import { applyReport } from './order-reports.ts';
import type { ParentEnd, ParentOrder } from './parent-order.ts';
import { doubt, noteAbsent, noteSilence } from './unknown-outcome.ts';
import type { LiveOrder, VenueNews } from './venue-port.ts';

/** How long the orders of a signal are kept after its end, so that late reports about them are understood. */
const KEEP_MS = 15 * 60_000;

/** Events of one trade arrive within this time of each other. */
const REPORT_DELAY_MS = 300;

/** The venue tells the fill of an order whose price the market has reached within this time. */
const REACHED_MS = 1_000;

/** The orders of all signals. Per symbol at most one entry and one exit is executed at a time. */
export class LiveOrders {
  readonly #context: LiveContext;
  readonly #hooks: OrderHooks;
  readonly #parents = new Map<string, ParentOrder>();
  readonly #children = new Map<string, OrderPair>();
  /** The parents and children that were not over when they were last looked at: a few, while many that are over are kept. */
  readonly #active = new Set<ParentOrder>();
  readonly #working = new Set<OrderPair>();

  constructor(context: LiveContext, hooks: Omit<OrderHooks, 'track'>) {
    this.#context = context;
    this.#hooks = { ...hooks, track: (pair) => this.#track(pair) };
  }

  /** True if the signal was executed already, or is being executed. */
  has(signalId: string): boolean {
    return this.#parents.has(signalId);
  }

  /** Starts to execute a signal. */
  start(parent: ParentOrder, nowMs: number): void {
    this.#parents.set(parent.signal.signal_id, parent);
    this.#active.add(parent);
    if (parent.isRecovered) look(this.#context, this.#hooks, parent, nowMs);
    else advance(this.#context, this.#hooks, parent, nowMs);
  }

  /** Takes over an order of an earlier process: it is looked for and cancelled. */
  restore(pair: OrderPair, nowMs: number): void {
    this.#parents.set(pair.parent.signal.signal_id, pair.parent);
    this.#active.add(pair.parent);
    this.#track(pair);
    pair.parent.child = pair.child;
    doubt(pair.child, nowMs);
  }

  /** Ends a signal as soon as none of its orders works. */
  stop(parent: ParentOrder, end: ParentEnd, nowMs: number): void {
    parent.stopped ??= end;
    const { child } = parent;
    if (child) timeChild(this.#context, this.#hooks, { parent, child }, nowMs);
    else advance(this.#context, this.#hooks, parent, nowMs);
  }

  advance(parent: ParentOrder, nowMs: number): void {
    advance(this.#context, this.#hooks, parent, nowMs);
  }

  /** Goes on with every signal that has no working order. */
  advanceAll(nowMs: number): void {
    for (const parent of this.actives()) {
      if (!parent.isOver && parent.child === undefined) advance(this.#context, this.#hooks, parent, nowMs);
    }
  }

  /** Entries whose fills are closed at once. */
  closingLateFills(): ParentOrder[] {
    return [...this.#parents.values()].filter((parent) => parent.closesLateFills);
  }

  /** Makes an exit close everything at any price now. */
  hurry(parent: ParentOrder, nowMs: number): void {
    if (parent.isUrgent && parent.quantity === undefined) return;
    parent.isUrgent = true;
    parent.quantity = undefined;
    const { child } = parent;
    if (child) timeChild(this.#context, this.#hooks, { parent, child }, nowMs);
    else advance(this.#context, this.#hooks, parent, nowMs);
  }

  /** The signal that is executed on a symbol. */
  active(symbol: string, purpose: ParentOrder['purpose']): ParentOrder | undefined {
    return this.actives().find((parent) => parent.symbol === symbol && parent.purpose === purpose);
  }

  /** All signals that are being executed. */
  actives(): ParentOrder[] {
    for (const parent of this.#active) if (isDone(parent)) this.#active.delete(parent);
    return [...this.#active];
  }

  find(clientOrderId: string): OrderPair | undefined {
    return this.#children.get(clientOrderId);
  }

  /** Orders that are not over, oldest first. */
  working(): OrderPair[] {
    for (const pair of this.#working) if (isChildOver(pair.child)) this.#working.delete(pair);
    return [...this.#working];
  }

  /** Orders whose outcome is unknown. */
  inDoubt(): OrderPair[] {
    return this.working().filter(({ child }) => isInDoubt(child));
  }

  /** Asks for every working order: reports may have been lost. */
  askAll(nowMs: number): void {
    for (const { child } of this.working()) if (child.resendAtMs === undefined) doubt(child, nowMs);
  }

  /** The venue shows another position than ours: a report is on its way, or lost. */
  expectReports(symbol: string, nowMs: number): void {
    for (const { child } of this.working()) {
      if (child.order.symbol !== symbol || child.resendAtMs !== undefined) continue;
      child.inquiry.nextMs = Math.min(child.inquiry.nextMs, nowMs + REPORT_DELAY_MS);
    }
  }

  /** The market has reached the price of a resting order: the report of its fill is on its way, or lost. */
  onPrice(symbol: string, nowMs: number): void {
    for (const { child } of this.#working) {
      const { order, inquiry } = child;
      if (order.symbol !== symbol || child.resendAtMs !== undefined || isChildOver(child)) continue;
      if (isReached(order, this.#context.prices.quote(symbol, nowMs)))
        inquiry.nextMs = Math.min(inquiry.nextMs, nowMs + REACHED_MS);
    }
  }

  /** Asks for one working order: the venue does not show it. */
  ask(clientOrderId: string, nowMs: number): void {
    const child = this.#children.get(clientOrderId)?.child;
    if (child && !isChildOver(child) && !Number.isFinite(child.inquiry.nextMs)) doubt(child, nowMs);
  }

  /** Applies news about an order; false if the order is not known. */
  onNews(news: VenueNews, nowMs: number): boolean {
    const id = idOf(news);
    const pair = id === undefined ? undefined : this.#children.get(id);
    if (pair === undefined) return false;
    this.#apply(pair, news, nowMs);
    return true;
  }

  onTimer(nowMs: number): void {
    const attached = this.actives().flatMap(({ child }) => (child && this.find(child.order.clientOrderId)) ?? []);
    for (const pair of new Set([...this.working(), ...attached])) timeChild(this.#context, this.#hooks, pair, nowMs);
    this.advanceAll(nowMs);
    this.#forget(nowMs);
  }

  #track(pair: OrderPair): void {
    this.#children.set(pair.child.order.clientOrderId, pair);
    this.#working.add(pair);
  }

  #apply(pair: OrderPair, news: VenueNews, nowMs: number): void {
    const { child } = pair;
    switch (news.kind) {
      case 'ORDER_SENT':
        child.sentTs = news.tsSent;
        return;
      case 'ORDER':
        applyReport(this.#context, this.#hooks, pair, news.event, nowMs);
        return;
      case 'ORDER_UNKNOWN':
        if (!isChildOver(child)) noteSilence(child, nowMs);
        break;
      case 'CANCEL_REFUSED':
        if (!isChildOver(child)) doubt(child, nowMs);
        break;
      case 'ORDER_NOT_SENT':
        if (!isChildOver(child)) child.resendAtMs = nowMs + news.retryAfterMs;
        break;
      case 'ORDER_ABSENT':
        if (!isChildOver(child) && noteAbsent(child, nowMs)) child.isAbsent = true;
        break;
    }
    timeChild(this.#context, this.#hooks, pair, nowMs);
  }

  #forget(nowMs: number): void {
    for (const [id, { parent, child }] of this.#children) {
      if (parent.isOver && isChildOver(child) && nowMs - child.placedTs > KEEP_MS) this.#children.delete(id);
    }
    for (const [id, parent] of this.#parents) {
      if (parent.isOver && parent.child === undefined && nowMs - parent.receivedTs > 2 * KEEP_MS) {
        this.#parents.delete(id);
      }
    }
  }
}

/** True if somebody offers what a resting order waits for: one of the venue's book would have filled. */
function isReached({ action, execution }: LiveOrder, quote: Quote | undefined): boolean {
  if (execution.type !== 'LIMIT' || quote === undefined) return false;
  return action === 'BUY' ? quote.ask <= execution.price : quote.bid >= execution.price;
}

/** Over, and no order of it can fill any more. */
function isDone(parent: ParentOrder): boolean {
  return parent.isOver && parent.child === undefined;
}

function idOf(news: VenueNews): string | undefined {
  if (news.kind === 'ORDER') return news.event.client_order_id;
  return 'clientOrderId' in news ? news.clientOrderId : undefined;
}
