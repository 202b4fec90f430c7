import type { Level } from '@helios/shared/domain/market-data.ts';

/** By how much a symbol's prices are moved, and the grid on which they stay. */
export interface PriceScale {
  /** 1 leaves prices as they are. */
  factor: number;
  readonly tickSize: string;
}

/** A price times the factor, on the tick grid, never below one tick. */
export function scalePrice(price: string, scale: PriceScale): string {
  return scale.factor === 1 ? price : onTick(Number(price) * scale.factor, scale);
}

/** The price on the tick grid that is nearest, never below one tick. */
export function onTick(price: number, scale: PriceScale): string {
  const tick = Number(scale.tickSize);
  return (Math.max(1, Math.round(price / tick)) * tick).toFixed(decimalsOf(scale.tickSize));
}

/** Levels with their prices scaled; levels that fall on one price become one. */
export function scaleLevels(levels: readonly Level[], scale: PriceScale): readonly Level[] {
  if (scale.factor === 1) return levels;
  const scaled: Level[] = [];
  for (const [price, qty] of levels) {
    const moved = scalePrice(price, scale);
    const last = scaled.at(-1);
    if (last !== undefined && last[0] === moved)
      last[1] = String(Number((Number(last[1]) + Number(qty)).toPrecision(12)));
    else scaled.push([moved, qty]);
  }
  return scaled;
}

/** Digits behind the point of a decimal. */
export function decimalsOf(text: string): number {
  return text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
}
