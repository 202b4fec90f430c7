import type { MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { OrderWatch } from '@helios/shared/domain/order-watch.ts';
import type { OpenOrder, OpenPosition } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Fill, Liquidated, Liquidity, OrderEvent } from '@helios/shared/domain/venue-event.ts';
import { rateOf } from '../execution/fees.ts';
import { type Action, fillsOnTrade, type QueuedOrder, visibleQuantity } from '../execution/fill.ts';
import { watchedOrder } from '../execution/order-watch.ts';
import { type TakerFill, takerFill } from '../execution/taker-fill.ts';
import type { OrderRequest, Venue } from '../execution/venue.ts';
import { PaperMarket } from './paper-market.ts';

interface Resting {
  readonly symbol: string;
  queued: QueuedOrder;
}

/** One execution before its fee is known. */
interface VenueFill extends TakerFill {
  readonly quantity: number;
  readonly liquidity: Liquidity;
  readonly ts: number;
}

/**
 * A venue that fills against the recorded or streamed market and is never generous: a taker walks the visible book, a resting
 * order waits for its place in the queue. Latency is the time between the decision and the book that the order fills against.
 */
export class PaperVenue implements Venue {
  readonly market = new PaperMarket();
  readonly #fees: Settings['fees'];
  readonly #resting = new Map<string, Resting>();

  constructor(fees: Settings['fees']) {
    this.#fees = fees;
  }

  submit(request: OrderRequest): OrderEvent[] {
    const { clientOrderId, intent, placedTs, named } = request;
    const accepted: OrderEvent = { kind: 'ACCEPTED', client_order_id: clientOrderId, ts_event: placedTs };
    const { quantity, symbol, action, price } = intent;
    if (named) {
      return [accepted, this.#fill(clientOrderId, { ...named, slippage: 0, quantity, ts: placedTs })];
    }
    const book = this.market.lastBook(symbol);
    if (intent.order_type === 'LIMIT' && price !== undefined) {
      this.#rest(clientOrderId, symbol, {
        action,
        price,
        quantity,
        placedTs,
        queueAhead: book && visibleQuantity(book, action, price),
      });
      return [accepted];
    }
    const order = { action, quantity, decidedPrice: request.referencePrice };
    const taken = takerFill(order, book, this.#fees.slippage_bp);
    return [accepted, this.#fill(clientOrderId, { ...taken, quantity, liquidity: 'TAKER', ts: placedTs })];
  }

  cancel(clientOrderId: string, nowMs: number): OrderEvent[] {
    if (!this.#resting.delete(clientOrderId)) return [];
    return [{ kind: 'CANCELLED', client_order_id: clientOrderId, ts_event: nowMs, filled_quantity: 0 }];
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
  *onTrade(trade: MarketTrade): Generator<Fill> {
    const filled = [...this.#resting].filter(
      ([, { symbol, queued }]) => symbol === trade.symbol && fillsOnTrade(queued, trade),
    );
    for (const [id, { queued }] of filled) {
      if (!this.#resting.delete(id)) continue;
      const { price, quantity } = queued;
      yield this.#fill(id, { price, slippage: 0, quantity, liquidity: 'MAKER', ts: trade.ts_event });
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

  #rest(id: string, symbol: string, order: Omit<QueuedOrder, 'tradedAtLimit'>): void {
    this.#resting.set(id, { symbol, queued: { ...order, tradedAtLimit: 0 } });
  }

  #fill(id: string, { ts, liquidity, price, quantity, ...rest }: VenueFill): Fill {
    return {
      kind: 'FILL',
      client_order_id: id,
      ts_event: ts,
      // A paper order fills in one trade.
      trade_id: `${id}#1`,
      price,
      quantity,
      fee: price * quantity * rateOf(liquidity, this.#fees),
      liquidity,
      ...rest,
    };
  }
}
