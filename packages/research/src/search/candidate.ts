import { type Dimension, snapped, textAt } from './dimension.ts';

/** Values for every searched setting. */
export interface SearchCandidate {
  /** Place on each dimension, 0..1. */
  readonly places: readonly number[];
  /** `section.key` to text. */
  readonly texts: Readonly<Record<string, string>>;
  /** Equal for equal values. */
  readonly key: string;
}

/** The values at these places. */
export function candidateAt(dimensions: readonly Dimension[], places: readonly number[]): SearchCandidate {
  const texts = dimensions.map((dimension, n) => [dimension.path, textAt(dimension, places[n] ?? 0)] as const);
  return {
    places: dimensions.map((dimension, n) => snapped(dimension, places[n] ?? 0)),
    texts: Object.fromEntries(texts),
    key: texts.map(([, text]) => text).join('|'),
  };
}
