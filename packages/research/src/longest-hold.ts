import type { Settings } from '@helios/shared/domain/settings.ts';
import { type Dimension, textAt } from './search/dimension.ts';

const MINUTE_MS = 60_000;

/** Longest time for which any candidate holds a position, ms: `risk.max_hold_sec`, longer by the factor of a regime, and a minute. */
export function longestHoldMs({ risk, regime }: Settings, dimensions: readonly Dimension[]): number {
  const searched = dimensions.find(({ path }) => path === 'risk.max_hold_sec');
  const seconds = searched === undefined ? [risk.max_hold_sec] : valuesOf(searched);
  const regimes = [
    regime.trending_up,
    regime.trending_down,
    regime.ranging,
    regime.volatile,
    regime.quiet,
    regime.unknown,
  ];
  const factor = Math.max(1, ...regimes.map(({ holdFactor }) => holdFactor));
  return Math.ceil(1_000 * Math.max(...seconds) * factor) + MINUTE_MS;
}

function valuesOf(dimension: Dimension): readonly number[] {
  return dimension.kind === 'CHOICE' ? dimension.texts.map(Number) : [Number(textAt(dimension, 1))];
}
