import { DecimalSteps } from '@helios/core/price/decimal-steps.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';

/** Factor of a symbol's prices, and their tick grid. */
export interface PriceScale {
  /** 1 leaves prices as they are. */
  factor: number;
  readonly tickSize: string;
}

/** A side of the book: bids are rounded down, asks up. */
export type QuoteSide = 'bid' | 'ask';

/**
 * A price times the factor, on the tick grid. Bids are rounded down and asks up, so that a book neither locks nor crosses. The lowest
 * bid is one tick, the lowest ask two.
 */
export function scalePrice(price: string, side: QuoteSide, scale: PriceScale): string {
  if (scale.factor === 1) return price;
  const ticks = (Number(price) * scale.factor) / Number(scale.tickSize);
  // Removes float noise, so that a price on the grid stays there.
  const exact = Number(ticks.toPrecision(14));
  return atTick(side === 'bid' ? Math.max(1, Math.floor(exact)) : Math.max(2, Math.ceil(exact)), scale);
}

/** The nearest price on the tick grid, at least one tick. */
export function onTick(price: number, scale: PriceScale): string {
  return atTick(Math.max(1, Math.round(price / Number(scale.tickSize))), scale);
}

function atTick(ticks: number, { tickSize }: PriceScale): string {
  return new DecimalSteps(tickSize).text(ticks);
}

/** Levels with scaled prices; levels that end on one price are merged. */
export function scaleLevels(levels: readonly Level[], side: QuoteSide, scale: PriceScale): readonly Level[] {
  if (scale.factor === 1) return levels;
  const scaled: Level[] = [];
  for (const [price, qty] of levels) {
    const moved = scalePrice(price, side, scale);
    const last = scaled.at(-1);
    if (last !== undefined && last[0] === moved)
      last[1] = String(Number((Number(last[1]) + Number(qty)).toPrecision(12)));
    else scaled.push([moved, qty]);
  }
  return scaled;
}
