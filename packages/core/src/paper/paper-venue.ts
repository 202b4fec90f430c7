import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Book, MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { OrderWatch } from '@helios/shared/domain/order-watch.ts';
import type { OpenOrder, OpenPosition } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Fill, Liquidated, Liquidity, OrderEvent } from '@helios/shared/domain/venue-event.ts';
import { rateOf } from '../execution/fees.ts';
import { type Action, type QueuedOrder, shownQuantity, visibleQuantity } from '../execution/fill.ts';
import { watchedOrder } from '../execution/order-watch.ts';
import type { TakerFill } from '../execution/taker-fill.ts';
import type { OrderRequest, Venue } from '../execution/venue.ts';
import { addQuantity } from '../price/significant-digits.ts';
import { PaperMarket } from './paper-market.ts';
import { PAPER_MODELS, type VenueModels } from './venue-models.ts';

interface Resting {
  readonly symbol: string;
  queued: QueuedOrder;
  /** Filled quantity, and the number of trades that filled it. */
  filled: number;
  trades: number;
  /** Visible quantity at the price in the last book that showed it, and `tradedAtLimit` at that time. */
  shown: number | undefined;
  tradedWhenShown: number;
}

/** One execution before its fee is known. */
interface VenueFill extends TakerFill {
  readonly quantity: number;
  readonly liquidity: Liquidity;
  readonly ts: number;
  /** Number of the fill among those of its order; 1 by default. */
  readonly nth?: number;
}

/** Most trades fill nothing. */
const NONE: readonly Fill[] = [];

/**
 * A venue that fills against the recorded or streamed market and is never generous: a taker walks the visible book, a resting
 * order waits for its place in the queue. Latency is the time between the decision and the book that the order fills against.
 */
export class PaperVenue implements Venue {
  readonly market = new PaperMarket();
  readonly #fees: Settings['fees'];
  readonly #models: VenueModels;
  readonly #resting = new Map<string, Resting>();
  readonly #steps = new Map<string, string>();

  constructor(fees: Settings['fees'], models: VenueModels = PAPER_MODELS) {
    this.#fees = fees;
    this.#models = models;
  }

  onInstrument({ symbol, step_size }: Instrument): void {
    this.#steps.set(symbol, step_size);
  }

  submit(request: OrderRequest): OrderEvent[] {
    const { clientOrderId, intent, placedTs, named, referencePrice: decidedPrice, decidedTs } = request;
    const accepted: OrderEvent = { kind: 'ACCEPTED', client_order_id: clientOrderId, ts_event: placedTs };
    const { quantity, symbol, action, price } = intent;
    if (named) {
      return [accepted, this.#fill(clientOrderId, { ...named, slippage: 0, quantity, ts: placedTs })];
    }
    const book = this.market.lastBook(symbol);
    if (intent.order_type === 'LIMIT' && price !== undefined) {
      const shown = book && visibleQuantity(book, action, price);
      const queueAhead = this.#behindOwn(this.#models.queue.aheadOf(shown), { symbol, action, price });
      this.#rest(clientOrderId, symbol, { action, price, quantity, placedTs, queueAhead }, shown);
      return [accepted];
    }
    const order = { action, quantity, decidedPrice, ...(decidedTs !== undefined && { decidedTs }) };
    const taken = this.#models.impact(order, book, this.#fees.slippage_bp);
    return [accepted, this.#fill(clientOrderId, { ...taken, quantity, liquidity: 'TAKER', ts: placedTs })];
  }

  cancel(clientOrderId: string, nowMs: number): OrderEvent[] {
    const resting = this.#resting.get(clientOrderId);
    if (resting === undefined) return [];
    this.#resting.delete(clientOrderId);
    return [{ kind: 'CANCELLED', client_order_id: clientOrderId, ts_event: nowMs, filled_quantity: resting.filled }];
  }

  /** Liquidates a position at the price where its collateral equals its maintenance margin. */
  liquidate(
    { symbol, side, quantity, signal_id }: OpenPosition,
    price: number,
    fee: number,
    nowMs: number,
  ): Liquidated {
    return {
      kind: 'LIQUIDATED',
      trade_id: `${signal_id}#liquidated`,
      symbol,
      side,
      ts_event: nowMs,
      price,
      quantity,
      fee,
    };
  }

  /** Fills that a trade causes, one by one: an order that is cancelled after an earlier fill is not filled. */
  onTrade(trade: MarketTrade): Iterable<Fill> {
    const step = this.#steps.get(trade.symbol);
    let reached: [string, Resting, number][] | undefined;
    for (const [id, resting] of this.#resting) {
      if (resting.symbol !== trade.symbol) continue;
      const { queued, filled } = resting;
      const total = this.#models.fill(queued, trade, { quantity: filled, step });
      if (total <= filled) continue;
      reached ??= [];
      reached.push([id, resting, total]);
    }
    return reached === undefined ? NONE : this.#fillReached(reached, trade);
  }

  *#fillReached(reached: readonly [string, Resting, number][], trade: MarketTrade): Generator<Fill> {
    for (const [id, resting, total] of reached) {
      if (!this.#resting.has(id)) continue;
      const { price, quantity: ordered } = resting.queued;
      const quantity = addQuantity(total, -resting.filled);
      resting.filled = total;
      resting.trades += 1;
      if (total >= ordered) this.#resting.delete(id);
      const { trades: nth } = resting;
      yield this.#fill(id, { price, slippage: 0, quantity, liquidity: 'MAKER', ts: trade.ts_event, nth });
    }
  }

  /** Moves the resting orders in their queues, if the queue model follows books. `market` stores the book. */
  onBook(book: Book): void {
    const { queue } = this.#models;
    if (queue.onBook === undefined) return;
    for (const resting of this.#resting.values()) {
      const { queued, shown: before, tradedWhenShown } = resting;
      if (resting.symbol !== book.symbol) continue;
      const now = shownQuantity(book, queued.action, queued.price);
      if (now === undefined) continue;
      const traded = queued.tradedAtLimit - tradedWhenShown;
      if (before !== undefined && queued.queueAhead !== undefined) queue.onBook(queued, { before, now, traded });
      resting.shown = now;
      resting.tradedWhenShown = queued.tradedAtLimit;
    }
  }

  /** Restores an order that rested before a restart. Its traded quantity at the limit is lost, which can only delay the fill. */
  restore({ order_id, symbol, price, quantity, placed_ts }: OpenOrder, action: Action, queueAhead?: number): void {
    this.#rest(order_id, symbol, { action, price, quantity, placedTs: placed_ts, queueAhead });
  }

  /** Visible quantity ahead of a resting order at its placement; undefined if unknown. */
  queueAhead(clientOrderId: string): number | undefined {
    return this.#resting.get(clientOrderId)?.queued.queueAhead;
  }

  /** The queue state of each resting order. */
  queues(): OrderWatch['orders'] {
    return [...this.#resting.values()].map(({ symbol, queued }) => watchedOrder(symbol, queued));
  }

  /** Moves the placement of a resting order back by `byMs`, because the clock went back. */
  shiftPlacement(clientOrderId: string, byMs: number): void {
    const resting = this.#resting.get(clientOrderId);
    if (resting) resting.queued = { ...resting.queued, placedTs: resting.queued.placedTs - byMs };
  }

  /** The queue ahead with our own orders at the same price: a trade fills them first, and counts once. */
  #behindOwn(
    queueAhead: number | undefined,
    { symbol, action, price }: Pick<QueuedOrder, 'action' | 'price'> & { readonly symbol: string },
  ): number | undefined {
    if (queueAhead === undefined) return undefined;
    let ahead = queueAhead;
    for (const { symbol: other, queued, filled } of this.#resting.values())
      if (other === symbol && queued.action === action && queued.price === price)
        ahead = addQuantity(ahead, addQuantity(queued.quantity, -filled));
    return ahead;
  }

  #rest(id: string, symbol: string, order: Omit<QueuedOrder, 'tradedAtLimit'>, shown?: number): void {
    const queued = { ...order, tradedAtLimit: 0 };
    this.#resting.set(id, { symbol, queued, filled: 0, trades: 0, shown, tradedWhenShown: 0 });
  }

  #fill(id: string, { ts, liquidity, price, quantity, nth = 1, ...rest }: VenueFill): Fill {
    return {
      kind: 'FILL',
      client_order_id: id,
      ts_event: ts,
      trade_id: `${id}#${nth}`,
      price,
      quantity,
      fee: price * quantity * rateOf(liquidity, this.#fees),
      liquidity,
      ...rest,
    };
  }
}
