/** One word, sign or phrase of a text, as the rules process it. */
export interface Unit {
  /** The word in lower case. */
  readonly word: string;
  /** The form for the lookup of negations, idioms and "but": as written, because the general rules know lower case only, or in lower case. */
  readonly heard: string;
  /** True if written in capitals. */
  readonly shouted: boolean;
  /** Mean sentiment without context, about −4..4; `undefined` if no lexicon has it. */
  readonly valence: number | undefined;
  /** Set for terms of the crypto lexicon: more words negate them, and capitals may be their usual form. */
  readonly crypto?: { readonly capitalsCount: boolean };
}
