/** One place of a phrase: its possible words, and whether it is optional. */
export interface Place {
  readonly words: ReadonlySet<string>;
  readonly optional: boolean;
}

/** A phrase with its choices. */
export interface PhrasePattern {
  readonly places: readonly Place[];
  readonly valence: number;
}

/** Parses `buy|buying the? dip`: `|` separates choices, and a final `?` marks an optional place. */
export function readPhrase(text: string, valence: number): PhrasePattern {
  const places = text.split(' ').map((place) => {
    const optional = place.endsWith('?');
    return { optional, words: new Set((optional ? place.slice(0, -1) : place).split('|')) };
  });
  return { places, valence };
}

/** Possible first words of a phrase. */
export function firstWords({ places }: PhrasePattern): string[] {
  const required = places.findIndex(({ optional }) => !optional);
  return places.slice(0, required + 1).flatMap(({ words }) => [...words]);
}

/**
 * Number of words that the phrase covers from `at` on, as many as possible; 0 if it is not there.
 * @param ends true for each word that ends a sentence: no phrase continues after it
 */
export function lengthAt(
  { places }: PhrasePattern,
  words: readonly string[],
  ends: readonly boolean[],
  at: number,
): number {
  const reach = (place: number, from: number): number => {
    const rest = places[place];
    if (rest === undefined) return from - at;
    const mayGoOn = from < words.length && (from === at || !ends[from - 1]);
    if (mayGoOn && rest.words.has(words[from] ?? '')) {
      const taken = reach(place + 1, from + 1);
      if (taken > 0) return taken;
    }
    return rest.optional ? reach(place + 1, from) : 0;
  };
  return reach(0, at);
}
