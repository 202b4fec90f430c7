import type { QueuedOrder } from '@helios/core/execution/fill.ts';
import { countTrade, reachedQuantity } from '@helios/core/matching/queue.ts';
import { type FilledPart, type FillModel, PAPER_MODELS } from '@helios/core/paper/venue-models.ts';
import { roundMoney } from '@helios/core/price/significant-digits.ts';
import { floorToStep } from '@helios/core/price/step-grid.ts';
import type { MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { NamedModel } from './queue-model.ts';

/** A resting order fills whole, once trades have reached its end. */
export const WHOLE_FILLS: NamedModel<FillModel> = {
  about: 'Partial fills: none. A resting order fills whole once trades have reached its end.',
  model: PAPER_MODELS.fill,
};

/** A resting order fills trade by trade, by what each trade reaches of it. */
export const PARTIAL_FILLS: NamedModel<FillModel> = {
  about:
    'Partial fills: a resting order fills trade by trade, by what each trade reaches of it; the rest goes on resting.',
  model: filledAfter,
};

/**
 * A trade at the limit fills what it reaches behind the queue. A trade through the limit ends the queue, and fills no more than its
 * own quantity: its taker would have met this order first. Each fill is a multiple of the step; the last one completes the order.
 */
function filledAfter(order: QueuedOrder, trade: MarketTrade, { quantity: filled, step }: FilledPart): number {
  if (trade.ts_event <= order.placedTs) return filled;
  const traded = { price: Number(trade.price), quantity: Number(trade.qty), buyerIsMaker: trade.buyer_is_maker };
  const reachedBefore = Math.max(filled, reachedQuantity(order, order.quantity));
  const reach = countTrade(order, traded);
  if (reach === 'NONE') return filled;
  // Later trades continue from here.
  if (reach === 'THROUGH') order.queueAhead = order.tradedAtLimit - reachedBefore - traded.quantity;
  const reached = roundMoney(reachedQuantity(order, order.quantity), order.quantity);
  if (reached >= order.quantity) return order.quantity;
  return Math.max(filled, step === undefined ? reached : floorToStep(reached, step));
}
