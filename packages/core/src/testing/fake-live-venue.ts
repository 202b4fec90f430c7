import type { Fill, OrderEvent } from '@helios/shared/domain/venue-event.ts';
import type {
  AccountSnapshot,
  LiveOrder,
  LiveStop,
  VenueBalance,
  VenueCommand,
  VenueNews,
  VenueTrade,
} from '../live/venue-port.ts';
import { addQuantity } from '../price/significant-digits.ts';
import { crosses, fakeFill, fillPriceOf, isPostOnly, reducibleBy, refusalOf } from './fake-matching.ts';
import { fakeSnapshot, type HeldOrder } from './fake-snapshot.ts';
import { FakeStops, type VenueMishap } from './fake-stops.ts';

const SYMBOL = 'BTCUSDT';

/** A small venue of one symbol in one-way mode. It carries commands out at once, and misbehaves on request. */
export class FakeLiveVenue {
  readonly orders = new Map<string, HeldOrder>();
  readonly stops = new FakeStops({
    tell: (news) => this.tell(news),
    nextFault: () => (this.isDown ? 'REQUEST_LOST' : this.faults.shift()),
    isDown: () => this.isDown,
    close: (stop) => this.#closeByStop(stop),
  });
  /** All trades of the account, oldest first. */
  readonly trades: VenueTrade[] = [];
  /** Ids of all orders that the venue took, also repeated ones. */
  readonly taken: string[] = [];
  bid = 99.9;
  ask = 100.1;
  /** Signed, base currency. */
  position = 0;
  entryPrice = 100;
  faults: VenueMishap[] = [];
  /** Commands are answered with a failure. */
  isDown = false;
  /** Queries of orders are answered with a failure at once, as during a ban. */
  failsQueries = false;
  /** The trades of the account cannot be read. */
  failsTrades = false;
  /** Positions cannot be read; stops can. */
  hidesPositions = false;
  /** What snapshots show for an open position. */
  liquidationPrice: number | undefined;
  /** What snapshots show of the money, where it differs from the usual. */
  balance: Partial<VenueBalance> = {};
  /** Largest part of a market order that is filled; the rest expires. */
  depth = Number.POSITIVE_INFINITY;
  #news: VenueNews[] = [];
  #trades = 0;
  #nowMs = 0;

  /** The news since the last call. */
  takeNews(): VenueNews[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  carryOut(command: VenueCommand, nowMs: number): void {
    this.#nowMs = nowMs;
    switch (command.kind) {
      case 'PLACE_ORDER':
        this.#place(command.order);
        return;
      case 'CANCEL_ORDER':
        this.#cancel(command.clientOrderId);
        return;
      case 'QUERY_ORDER':
        this.#query(command.clientOrderId);
        return;
      case 'PLACE_STOP':
      case 'CANCEL_STOP':
      case 'QUERY_STOP':
        this.stops.carryOut(command, nowMs);
        return;
      case 'READ_TRADES':
        this.#tellTrades();
        return;
      case 'PREPARE_SYMBOL':
        this.tell({ kind: 'SYMBOL_READY', symbol: command.symbol });
        return;
      case 'TAKE_SNAPSHOT':
        if (this.isDown) this.tell({ kind: 'SNAPSHOT_FAILED', detail: 'down' });
        else if (this.hidesPositions) this.#tellStops(nowMs);
        else this.tell({ kind: 'SNAPSHOT', snapshot: this.snapshot(nowMs) });
    }
  }

  /** Moves the market by `by`; stops trigger and resting orders fill. */
  move(by: number, nowMs: number): void {
    this.#nowMs = nowMs;
    this.bid = Number((this.bid + by).toFixed(1));
    this.ask = Number((this.ask + by).toFixed(1));
    const open = [...this.orders.values()].filter(({ order, end }) => end === 'OPEN' && crosses(order, this));
    for (const held of open) this.#fill(held, held.order.quantity);
    this.stops.onMark((this.bid + this.ask) / 2);
  }

  /** Somebody, or the venue itself, trades on the account. */
  trade(signedQuantity: number, clientOrderId: string, nowMs: number): Fill {
    this.#nowMs = nowMs;
    const fill = this.#fillOf(clientOrderId, Math.abs(signedQuantity), signedQuantity > 0 ? this.ask : this.bid);
    this.#hold(signedQuantity, fill);
    return fill;
  }

  tell(news: VenueNews): void {
    this.#news.push(news);
  }

  snapshot(nowMs: number): AccountSnapshot {
    return fakeSnapshot(this, nowMs);
  }

  #tellTrades(): void {
    const { position: signedQuantity, trades } = this;
    if (this.isDown || this.failsTrades) this.tell({ kind: 'TRADES_FAILED', symbol: SYMBOL, detail: 'down' });
    else this.tell({ kind: 'TRADES', symbol: SYMBOL, signedQuantity, trades: [...trades], isComplete: true });
  }

  #tellStops(nowMs: number): void {
    const { stops, tsAsked } = this.snapshot(nowMs);
    this.tell({ kind: 'RESTING_STOPS', stops, tsAsked });
    this.tell({ kind: 'SNAPSHOT_FAILED', detail: 'positions are hidden' });
  }

  #place(order: LiveOrder): void {
    const { clientOrderId } = order;
    const fault = this.isDown ? 'REQUEST_LOST' : this.faults.shift();
    if (fault === 'NOT_SENT') {
      this.tell({ kind: 'ORDER_NOT_SENT', clientOrderId, detail: 'told so', retryAfterMs: 200 });
      return;
    }
    if (fault === 'REQUEST_LOST') {
      this.tell({ kind: 'ORDER_UNKNOWN', clientOrderId, detail: 'told so' });
      return;
    }
    const mark = this.#news.length;
    this.tell({ kind: 'ORDER_SENT', clientOrderId, tsSent: this.#nowMs });
    this.#take(order);
    if (fault === undefined) return;
    // The user stream loses the order, too: only a query tells.
    this.#news = this.#news.filter((news, i) => i < mark || news.kind === 'POSITION');
    if (fault === 'ANSWER_LOST') this.tell({ kind: 'ORDER_UNKNOWN', clientOrderId, detail: 'told so' });
  }

  #take(order: LiveOrder): void {
    const { clientOrderId, execution } = order;
    const refusal = refusalOf(order, this);
    if (refusal) {
      const ids = { client_order_id: clientOrderId, ts_event: this.#nowMs };
      this.#event({ kind: 'REJECTED', ...ids, code: refusal, message: 'told so' });
      return;
    }
    this.taken.push(clientOrderId);
    const held: HeldOrder = { order, fills: [], tsPlaced: this.#nowMs, end: 'OPEN' };
    this.orders.set(clientOrderId, held);
    this.#event({ kind: 'ACCEPTED', client_order_id: clientOrderId, ts_event: this.#nowMs });
    if (isPostOnly(order)) return;
    if (execution.type === 'MARKET' || crosses(order, this)) this.#fill(held, Math.min(order.quantity, this.depth));
    if (held.end === 'OPEN' && (execution.type === 'MARKET' || execution.timeInForce === 'IOC'))
      this.#over(held, 'EXPIRED');
  }

  #fill(held: HeldOrder, atMost: number): void {
    const { order } = held;
    const filled = held.fills.reduce((sum, { quantity }) => addQuantity(sum, quantity), 0);
    const rest = addQuantity(order.quantity, -filled);
    const possible = order.reduceOnly ? reducibleBy(order.action, this.position) : rest;
    const quantity = Math.min(rest, possible, atMost);
    if (quantity <= 0) {
      this.#over(held, 'EXPIRED');
      return;
    }
    const price = fillPriceOf(order, this);
    const fill = this.#fillOf(order.clientOrderId, quantity, price);
    held.fills.push(fill);
    this.#hold(order.action === 'BUY' ? quantity : -quantity, fill);
    this.#event(fill);
    if (quantity === rest) held.end = 'FILLED';
  }

  #cancel(clientOrderId: string): void {
    const held = this.orders.get(clientOrderId);
    if (this.isDown) return;
    if (held?.end === 'OPEN') this.#over(held, 'CANCELLED');
    else this.tell({ kind: 'CANCEL_REFUSED', clientOrderId, code: '-2011' });
  }

  #query(clientOrderId: string): void {
    if (this.isDown) return;
    if (this.failsQueries) {
      this.tell({ kind: 'ORDER_UNKNOWN', clientOrderId, detail: 'told so' });
      return;
    }
    const held = this.orders.get(clientOrderId);
    if (held === undefined) {
      this.tell({ kind: 'ORDER_ABSENT', clientOrderId });
      return;
    }
    this.#event({ kind: 'ACCEPTED', client_order_id: clientOrderId, ts_event: this.#nowMs });
    for (const fill of held.fills) this.#event(fill);
    if (held.end !== 'OPEN') this.#end(held);
  }

  /** The order that a triggered stop becomes has the stop's id. */
  #closeByStop(stop: LiveStop): Fill | undefined {
    const { clientAlgoId, action, quantity } = stop;
    const part = Math.min(quantity, reducibleBy(action, this.position));
    if (part === 0) return undefined;
    const fill = this.#fillOf(clientAlgoId, part, action === 'BUY' ? this.ask : this.bid);
    this.#hold(action === 'BUY' ? part : -part, fill);
    const order: LiveOrder = { ...stop, clientOrderId: clientAlgoId, reduceOnly: true, execution: { type: 'MARKET' } };
    this.orders.set(clientAlgoId, { order, fills: [fill], tsPlaced: this.#nowMs, end: 'FILLED' });
    return fill;
  }

  #over(held: HeldOrder, end: 'CANCELLED' | 'EXPIRED'): void {
    held.end = end;
    this.#end(held);
  }

  #end({ order, fills, end }: HeldOrder): void {
    if (end !== 'CANCELLED' && end !== 'EXPIRED') return;
    const filled_quantity = fills.reduce((sum, { quantity }) => addQuantity(sum, quantity), 0);
    this.#event({ kind: end, client_order_id: order.clientOrderId, ts_event: this.#nowMs, filled_quantity });
  }

  #hold(signedQuantity: number, fill: Fill): void {
    const isForced = /autoclose/.test(fill.client_order_id);
    this.trades.push({ action: signedQuantity > 0 ? 'BUY' : 'SELL', fill, isForced });
    if (this.position === 0) this.entryPrice = fill.price;
    this.position = addQuantity(this.position, signedQuantity);
    const entryPrice = this.position === 0 ? undefined : this.entryPrice;
    const change = { symbol: SYMBOL, signedQuantity: this.position, entryPrice, tsEvent: this.#nowMs };
    this.tell({ kind: 'POSITION', ...change });
  }

  #fillOf(clientOrderId: string, quantity: number, price: number): Fill {
    this.#trades += 1;
    return fakeFill({ clientOrderId, quantity, price, tradeId: `t${this.#trades}`, ts: this.#nowMs });
  }

  #event(event: OrderEvent): void {
    this.tell({ kind: 'ORDER', symbol: SYMBOL, event });
  }
}
