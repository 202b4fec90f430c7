/** Steps by which the rules change a valence, from the published experiments (Hutto & Gilbert 2014). */
export const STEP = {
  /** A degree adverb before the word: "very", or its opposite "hardly". */
  degree: 0.293,
  /** A word in capitals among words in lower case. */
  capitals: 0.733,
  /** Factor of a negation. */
  negation: -0.74,
} as const;

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Words that negate the next three words; so does every word with "n't". */
export const NEGATIONS = words(
  `aint arent cant cannot couldnt darent didnt doesnt dont hadnt hasnt havent isnt mightnt mustnt neednt oughtnt shant shouldnt
   wasnt werent wont wouldnt uhuh uh-uh not never none nope nor neither nothing nowhere without rarely seldom despite`,
);

const STRONGER = words(
  `absolutely amazingly awfully completely considerably decidedly deeply effing enormously entirely especially exceptionally
   extremely fabulously flippin flipping frickin fricking friggin frigging fucking fully greatly hella highly hugely incredibly
   intensely majorly more most particularly purely quite really remarkably so substantially thoroughly totally tremendously
   uber unbelievably unusually utterly very`,
);

const WEAKER = words(
  `almost barely hardly kinda kindof kind-of less little marginally occasionally partly scarcely slightly somewhat sorta sortof
   sort-of`,
);

/** Pairs of words that weaken the next word. */
export const WEAKENING_PAIRS: ReadonlySet<string> = new Set(['just enough', 'kind of', 'sort of']);

/** Step of a degree adverb for a positive valence; `undefined` for any other word. @param word in lower case */
export function degreeOf(word: string): number | undefined {
  if (STRONGER.has(word)) return STEP.degree;
  return WEAKER.has(word) ? -STEP.degree : undefined;
}

/** True for a negating word. @param word in lower case */
export function negates(word: string): boolean {
  return NEGATIONS.has(word) || word.includes("n't");
}

/** Idioms: their meaning differs from that of their words. */
export const IDIOMS: ReadonlyMap<string, number> = new Map([
  ['the shit', 3],
  ['the bomb', 3],
  ['bad ass', 1.5],
  ['yeah right', -2],
  ['cut the mustard', 2],
  ['kiss of death', -1.5],
  ['hand to mouth', -2],
]);
