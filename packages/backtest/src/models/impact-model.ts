import { levelCount, priceAt, qtyAt, type ShownBook } from '@helios/core/book/level-numbers.ts';
import type { ImpactModel } from '@helios/core/paper/venue-models.ts';
import { PAPER_MODELS } from '@helios/core/paper/venue-models.ts';
import type { NamedModel } from './queue-model.ts';

/** A taker pays the visible levels, and what lies behind the last one. */
export const WALK_LEVELS: NamedModel<ImpactModel> = { about: '', model: PAPER_MODELS.impact };

/**
 * A taker also moves the market: an order larger than `freeShare` of the visible quantity pays `law(excess)` times the span of the
 * visible levels on top, where excess is the part of the visible quantity above that share. The square root is the usual law of
 * large orders (Almgren et al. 2005; Tóth et al. 2011), the linear law is Kyle's (1985). Never cheaper than the walk alone.
 */
function marketImpact(name: string, law: (excess: number) => number, freeShare: number): NamedModel<ImpactModel> {
  const percent = Number((100 * freeShare).toFixed(4));
  return {
    about: ` An order above ${percent} % of the visible quantity pays a ${name} impact on top.`,
    model(order, book, slippageBp) {
      const side = order.action === 'BUY' ? 'asks' : 'bids';
      const excess = book === undefined ? 0 : shareOf(order.quantity, book, side) - freeShare;
      const extraBp = book === undefined || excess <= 0 ? 0 : 10_000 * spanOf(book, side) * law(excess);
      return PAPER_MODELS.impact(order, book, slippageBp + extraBp);
    },
  };
}

/** Impact grows with the square root of the excess. `freeShare`: 0..1. */
export const squareRootImpact = (freeShare: number) => marketImpact('square-root', Math.sqrt, freeShare);

/** Impact grows with the excess. `freeShare`: 0..1. */
export const linearImpact = (freeShare: number) => marketImpact('linear', (excess) => excess, freeShare);

/** Share of the visible quantity that an order takes; 0 if nothing is visible. */
function shareOf(quantity: number, book: ShownBook, side: 'bids' | 'asks'): number {
  let shown = 0;
  for (let i = 0; i < levelCount(book, side); i += 1) shown += qtyAt(book, side, i);
  return shown > 0 ? quantity / shown : 0;
}

/** Distance from the best to the last visible level, at least the spread; fraction of the best price. */
function spanOf(book: ShownBook, side: 'bids' | 'asks'): number {
  const best = priceAt(book, side, 0);
  const last = priceAt(book, side, levelCount(book, side) - 1);
  const otherSide = side === 'bids' ? 'asks' : 'bids';
  const other = levelCount(book, otherSide) === 0 ? best : priceAt(book, otherSide, 0);
  return Math.max(Math.abs(last - best), Math.abs(other - best)) / best;
}
