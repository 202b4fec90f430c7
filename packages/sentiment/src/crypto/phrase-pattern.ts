/** One place of a phrase: the words that may stand there, and whether it may be left out. */
export interface Place {
  readonly words: ReadonlySet<string>;
  readonly optional: boolean;
}

/** A phrase with its choices. */
export interface PhrasePattern {
  readonly places: readonly Place[];
  readonly valence: number;
}

/** Reads `buy|buying the? dip`: choices by `|`, a place that may be missing by a `?` at its end. */
export function readPhrase(text: string, valence: number): PhrasePattern {
  const places = text.split(' ').map((place) => {
    const optional = place.endsWith('?');
    return { optional, words: new Set((optional ? place.slice(0, -1) : place).split('|')) };
  });
  return { places, valence };
}

/** Words that a phrase can begin with. */
export function firstWords({ places }: PhrasePattern): string[] {
  const required = places.findIndex(({ optional }) => !optional);
  return places.slice(0, required + 1).flatMap(({ words }) => [...words]);
}

/**
 * How many words from `at` on the phrase covers, most first; 0 where it does not stand there.
 * `ends` says after which word a sentence ends: no phrase reaches beyond it.
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
