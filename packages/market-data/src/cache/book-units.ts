import { UnitBook } from '@helios/core/book/unit-book.ts';
import type { UnitLevels } from '@helios/core/book/unit-levels.ts';
import type { Book, Level } from '@helios/shared/domain/market-data.ts';
import { exactUnits } from './unit-scales.ts';

/** Undefined for a book that whole numbers of one scale cannot give back: other decimals, a zero quantity, levels out of order. */
export function bookUnits(book: Book): UnitLevels | undefined {
  if (book instanceof UnitBook) return book.units;
  const { bids, asks } = book;
  const [price, qty] = bids[0] ?? asks[0] ?? [];
  const [priceScale, qtyScale] = [scaleOf(price), scaleOf(qty)];
  if (priceScale === undefined || qtyScale === undefined) return undefined;
  const values: number[] = [];
  const isWhole = addSide(1, bids, [priceScale, qtyScale], values);
  const asksFrom = values.length;
  const isAllWhole = isWhole && addSide(-1, asks, [priceScale, qtyScale], values);
  return isAllWhole ? { priceScale, qtyScale, values, asksFrom } : undefined;
}

function scaleOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : exactUnits(text)?.scale;
}

function addSide(sign: 1 | -1, levels: readonly Level[], scales: readonly [number, number], values: number[]): boolean {
  let last = Number.POSITIVE_INFINITY;
  for (const [priceText, qtyText] of levels) {
    const price = exactUnits(priceText);
    const qty = exactUnits(qtyText);
    if (price?.scale !== scales[0] || qty?.scale !== scales[1]) return false;
    if (qty.units <= 0 || sign * price.units >= last) return false;
    last = sign * price.units;
    values.push(price.units, qty.units);
  }
  return true;
}
