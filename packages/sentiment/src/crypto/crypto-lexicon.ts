import { BEARISH_PHRASES } from './bearish-phrases.ts';
import { BULLISH_PHRASES } from './bullish-phrases.ts';
import { CRYPTO_EMOJI } from './emoji.ts';
import { NEUTRAL_PHRASES } from './neutral-phrases.ts';
import { firstWords, lengthAt, type PhrasePattern, readPhrase } from './phrase-pattern.ts';
import { CRYPTO_WORDS } from './words.ts';

/** A term of the crypto lexicon in a text. */
export interface CryptoTerm {
  /** Number of words. */
  readonly length: number;
  /** `undefined` if the term means nothing, even if the general lexicon knows its words. */
  readonly valence: number | undefined;
}

/** The meaning of words, phrases, numbers and emoji in crypto talk. */
export interface CryptoLexicon {
  /** The term that begins at word `at`, the longest phrase first. `ends[i]` is true if a sentence ends after word i. */
  termAt(words: readonly string[], ends: readonly boolean[], at: number): CryptoTerm | undefined;
  /** The text with white space around each emoji of the lexicon; repeated emoji become one. */
  spaceEmoji(text: string): string;
}

const PHRASES = [...BULLISH_PHRASES, ...BEARISH_PHRASES, ...NEUTRAL_PHRASES];

/** Variation selector for emoji. With it, every emoji has at least two characters, the minimum length of a word. */
const EMOJI_FORM = '\ufe0f';

/** Forms of numbers: "10x" and "2-3x" are multiples of the price paid; "−80%" and "+20%" are price changes. */
const NUMBERS: readonly (readonly [form: RegExp, valence: number])[] = [
  [/^\d+(-\d+)?x$/, 1.5],
  [/^\+\d+([.,]\d+)?%$/, 1.2],
  [/^-\d+([.,]\d+)?%$/, -1.2],
];

const DRAWN_OUT = /(\p{L})\1{2}/u;
const DRAWN_OUT_ALL = /(\p{L})\1{2,}/gu;

/** Builds the lexicon from the lists in this folder. */
export function createCryptoLexicon(): CryptoLexicon {
  const words = new Map(
    CRYPTO_WORDS.flatMap(([valence, text]) => text.split(/\s+/).map((word) => [word, valence] as const)),
  );
  const signs = CRYPTO_EMOJI.flatMap(([valence, text]) => text.split(' ').map((sign) => [sign, valence] as const));
  for (const [sign, valence] of signs) words.set(sign + EMOJI_FORM, valence);
  const emoji = new RegExp(`(${signs.map(([sign]) => sign).join('|')})${EMOJI_FORM}?(?:\\s*\\1${EMOJI_FORM}?)*`, 'gu');
  const phrases = new Map<string, PhrasePattern[]>();
  for (const pattern of PHRASES.flatMap(([valence, texts]) => texts.map((text) => readPhrase(text, valence)))) {
    for (const first of firstWords(pattern)) phrases.set(first, [...(phrases.get(first) ?? []), pattern]);
  }

  function phraseAt(all: readonly string[], ends: readonly boolean[], at: number): CryptoTerm | undefined {
    let longest: CryptoTerm | undefined;
    for (const pattern of phrases.get(all[at] ?? '') ?? []) {
      const length = lengthAt(pattern, all, ends, at);
      if (length > (longest?.length ?? 0)) longest = { length, valence: pattern.valence || undefined };
    }
    return longest;
  }

  /** "moooon" and "hodlllll": a letter repeated three times or more counts as two, or as one. */
  function drawnOut(word: string): number | undefined {
    if (!DRAWN_OUT.test(word)) return undefined;
    return words.get(word.replace(DRAWN_OUT_ALL, '$1$1')) ?? words.get(word.replace(DRAWN_OUT_ALL, '$1'));
  }

  return {
    spaceEmoji: (text) => text.replace(emoji, ` $1${EMOJI_FORM} `),
    termAt(all, ends, at) {
      const phrase = phraseAt(all, ends, at);
      if (phrase) return phrase;
      const word = all[at] ?? '';
      const valence = words.get(word) ?? drawnOut(word) ?? NUMBERS.find(([form]) => form.test(word))?.[1];
      return valence === undefined ? undefined : { length: 1, valence: valence || undefined };
    },
  };
}
