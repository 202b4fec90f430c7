/** One word, sign or phrase of a text as the rules see it. */
export interface Unit {
  /** In lower case. */
  readonly word: string;
  /** As negations, sayings and "but" are looked up: as written, since the rules know these in small letters only, or in lower case. */
  readonly heard: string;
  /** Written in capitals. */
  readonly shouted: boolean;
  /** Mean sentiment without context, about −4..4; `undefined` where no lexicon knows it. */
  readonly valence: number | undefined;
  /** Known from the crypto lexicon: more words negate it, and capitals may be its usual form. */
  readonly crypto?: { readonly capitalsCount: boolean };
}
