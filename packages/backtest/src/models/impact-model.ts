import type { ShownBook } from '@helios/core/execution/fill.ts';
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
      const excess = Math.max(0, shareOf(order.quantity, sideOf(order.action, book)) - freeShare);
      const extraBp = excess === 0 || book === undefined ? 0 : 10_000 * spanOf(order.action, book) * law(excess);
      return PAPER_MODELS.impact(order, book, slippageBp + extraBp);
    },
  };
}

/** Impact grows with the square root of the excess. `freeShare`: 0..1. */
export const squareRootImpact = (freeShare: number) => marketImpact('square-root', Math.sqrt, freeShare);

/** Impact grows with the excess. `freeShare`: 0..1. */
export const linearImpact = (freeShare: number) => marketImpact('linear', (excess) => excess, freeShare);

type Side = ShownBook['bids'];

function sideOf(action: 'BUY' | 'SELL', book: ShownBook | undefined): Side {
  return (action === 'BUY' ? book?.asks : book?.bids) ?? [];
}

/** Share of the visible quantity that an order takes; 0 without a book. */
function shareOf(quantity: number, side: Side): number {
  const shown = side.reduce((sum, [, size]) => sum + Number(size), 0);
  return shown > 0 ? quantity / shown : 0;
}

/** Distance from the best to the last visible level, at least the spread; fraction of the best price. */
function spanOf(action: 'BUY' | 'SELL', book: ShownBook): number {
  const side = sideOf(action, book);
  const best = Number(side[0]?.[0]);
  const other = Number(sideOf(action === 'BUY' ? 'SELL' : 'BUY', book)[0]?.[0] ?? best);
  return Math.max(Math.abs(Number(side.at(-1)?.[0]) - best), Math.abs(other - best)) / best;
}
