import type { MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { ShownBook } from '../book/level-numbers.ts';
import { fillsOnTrade, type QueuedOrder } from '../execution/fill.ts';
import { type TakerFill, type TakerOrder, takerFill } from '../execution/taker-fill.ts';
import type { QueuePlace } from '../matching/queue.ts';

/** What two books in a row show at the price of a resting order, base currency. */
export interface ShownChange {
  readonly before: number;
  readonly now: number;
  /** Quantity that takers traded there in between, after the order was placed. */
  readonly traded: number;
}

/** Decides where a resting order stands in the queue of its price. */
export interface QueueModel {
  /** Quantity ahead of a new order; `shown` is the visible quantity at its price. Undefined means unknown. */
  aheadOf(shown: number | undefined): number | undefined;
  /** Moves an order of a known queue after a new book. Without it books move no order. */
  onBook?(place: QueuePlace, change: ShownChange): void;
}

/** The part of a resting order that is filled already; `step` is the step of quantities, undefined if unknown. */
export interface FilledPart {
  readonly quantity: number;
  readonly step: string | undefined;
}

/**
 * Counts a trade for a resting order, and returns how much of it is filled after it, base currency: from what was filled before up
 * to the whole quantity.
 */
export type FillModel = (order: QueuedOrder, trade: MarketTrade, filled: FilledPart) => number;

/** Finds the price of an order that takes liquidity from `book`, the newest one; `ts_event` is its market time, epoch ms. */
export type ImpactModel = (
  order: TakerOrder,
  book: (ShownBook & { readonly ts_event?: number }) | undefined,
  slippageBp: number,
) => TakerFill;

/** The replaceable parts of the paper venue. */
export interface VenueModels {
  readonly queue: QueueModel;
  readonly fill: FillModel;
  readonly impact: ImpactModel;
  /** When an order of a symbol whose time is over at `dueTs` ends, epoch ms; at once by default. */
  readonly endOfLife?: (dueTs: number, symbol: string) => number;
}

/**
 * The models of paper trading: only trades move an order forward, a resting order fills whole once trades have reached its end, and
 * a taker walks the visible levels.
 */
export const PAPER_MODELS: VenueModels = {
  queue: { aheadOf: (shown) => shown },
  fill: (order, trade, { quantity }) => (fillsOnTrade(order, trade) ? order.quantity : quantity),
  impact: takerFill,
};
