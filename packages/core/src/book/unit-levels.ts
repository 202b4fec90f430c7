import type { Level } from '@helios/shared/domain/market-data.ts';
import { unitText } from '../price/unit-text.ts';

/** The levels of both sides as whole numbers: a price in units of 10^−`priceScale`, a quantity in units of 10^−`qtyScale`. */
export interface UnitLevels {
  readonly priceScale: number;
  readonly qtyScale: number;
  /** Price and quantity in turn; the bids end before index `asksFrom`. */
  readonly values: readonly number[];
  readonly asksFrom: number;
}

/** One level as whole numbers. */
export interface UnitLevel {
  readonly price: number;
  readonly priceScale: number;
  readonly qty: number;
  readonly qtyScale: number;
}

export function levelText({ price, priceScale, qty, qtyScale }: UnitLevel): Level {
  return [unitText(price, priceScale), unitText(qty, qtyScale)];
}

/** The levels of one side as texts. */
export function levelTexts(side: 'bids' | 'asks', { priceScale, qtyScale, values, asksFrom }: UnitLevels): Level[] {
  const levels: Level[] = [];
  const end = side === 'bids' ? asksFrom : values.length;
  for (let i = side === 'bids' ? 0 : asksFrom; i < end; i += 2) {
    levels.push([unitText(values[i] ?? Number.NaN, priceScale), unitText(values[i + 1] ?? Number.NaN, qtyScale)]);
  }
  return levels;
}
