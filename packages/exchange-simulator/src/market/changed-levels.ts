import type { Level } from '@helios/shared/domain/market-data.ts';

/** What makes one side of a book out of another: levels with their new quantities, and with `zero` those that are gone. */
export function changedLevels(before: readonly Level[], after: readonly Level[], zero: string): readonly Level[] {
  // By number: one price may be written with more or fewer decimals.
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
