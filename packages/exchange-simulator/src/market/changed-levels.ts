import type { Level } from '@helios/shared/domain/market-data.ts';

/** The update from one side of a book to another: changed levels with new quantities, removed levels with `zero`. */
export function changedLevels(before: readonly Level[], after: readonly Level[], zero: string): readonly Level[] {
  // Compare prices as numbers: texts of one price may differ in decimals.
  const left = new Map(before.map((level) => [Number(level[0]), level]));
  const changed: Level[] = [];
  for (const level of after) {
    const price = Number(level[0]);
    if (left.get(price)?.[1] !== level[1]) changed.push(level);
    left.delete(price);
  }
  for (const [price] of left.values()) changed.push([price, zero]);
  return changed;
}
