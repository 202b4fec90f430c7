import type { CryptoLexicon } from './crypto/crypto-lexicon.ts';
import { compoundOf } from './vader/compound.ts';
import { isShouted, tokensOf, withoutEdge } from './vader/tokens.ts';
import type { Unit } from './vader/unit.ts';
import { valencesOf } from './vader/valences.ts';

/** The sentiment of a text. */
export interface TextScore {
  /** −1..1; 0 for a text without any sentiment. */
  readonly compound: number;
  /** Number of words, phrases and signs from the crypto lexicon. */
  readonly cryptoTerms: number;
}

export type SentimentScorer = (text: string) => TextScore;

/** Words up to this length usually have capitals (ATH, FUD, HODL), so capitals are not emphasis. */
const MAX_ACRONYM = 4;
const EDGE = /^[^\p{L}\p{N}$%+-]+|[^\p{L}\p{N}%]+$/gu;
const SENTENCE_END = /[.!?;:][)"'*]*$/;

/**
 * Scores texts by the VADER rules (Hutto & Gilbert 2014) with the general lexicon and, if given, the crypto lexicon, whose terms
 * have precedence. A text without crypto terms gets exactly the score of the general rules.
 */
export function createSentimentScorer(general: ReadonlyMap<string, number>, crypto?: CryptoLexicon): SentimentScorer {
  return (text) => {
    const tokens = tokensOf(crypto ? crypto.spaceEmoji(text) : text);
    const units = crypto ? unitsOf(tokens, general, crypto) : tokens.map((token) => generalUnit(token, general));
    const cryptoTerms = units.filter((unit) => unit.crypto).length;
    const heard = cryptoTerms === 0 ? units : units.map(inAnyCase);
    return { compound: compoundOf(valencesOf(heard), text), cryptoTerms };
  };
}

function generalUnit(written: string, general: ReadonlyMap<string, number>): Unit {
  const token = withoutEdge(written);
  const word = token.toLowerCase();
  return { word, heard: token, shouted: isShouted(token), valence: general.get(word) };
}

function unitsOf(tokens: readonly string[], general: ReadonlyMap<string, number>, crypto: CryptoLexicon): Unit[] {
  const words = tokens.map(cryptoWord);
  const ends = tokens.map((token) => SENTENCE_END.test(token));
  const units: Unit[] = [];
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at] ?? '';
    const term = crypto.termAt(words, ends, at);
    if (term === undefined) {
      units.push(generalUnit(token, general));
      at += 1;
      continue;
    }
    const capitalsCount = term.length === 1 && token.length > MAX_ACRONYM;
    const word = words.slice(at, at + term.length).join(' ');
    units.push({ word, heard: word, shouted: isShouted(token), valence: term.valence, crypto: { capitalsCount } });
    at += term.length;
  }
  return units;
}

/**
 * In crypto talk "Not" negates like "not", unlike in the general rules. "no" negates the next word and has no valence of its own, as
 * in later versions of the rules.
 */
function inAnyCase(unit: Unit): Unit {
  if (unit.word === 'no') return { ...unit, word: 'not', heard: 'not', valence: undefined };
  return { ...unit, heard: unit.word };
}

/** A word in the spelling of the crypto lexicon: lower case, without surrounding marks and apostrophes. */
function cryptoWord(token: string): string {
  const bare = token.replace(EDGE, '').toLowerCase();
  return bare.replace(/['’]s$/, '').replace(/['’]/g, '') || token;
}
