import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oracleCompound } from '../../../test/oracle-vader.ts';
import { hasPosts, readPostTexts } from '../../../test/reddit-data.ts';
import { readVaderLexicon } from '../../runtime/read-vader-lexicon.ts';
import { createCryptoLexicon } from './crypto/crypto-lexicon.ts';
import { createSentimentScorer } from './sentiment-scorer.ts';
import { IDIOMS, NEGATIONS, WEAKENING_PAIRS } from './vader/function-words.ts';

const general = readVaderLexicon();
const plain = createSentimentScorer(general);
const crypto = createSentimentScorer(general, createCryptoLexicon());
const rounded = (score: number): number => Number(score.toFixed(4)) + 0;

const ours = (text: string): number => rounded(plain(text).compound);

/** The oracle knows these words in small letters only ("not good", but "Not good" as "good"); we know them in any. */
const IN_ANY_CASE = new Set(
  [...NEGATIONS, ...IDIOMS.keys(), ...WEAKENING_PAIRS, 'so this but least kind of'].flatMap((words) =>
    words.split(/[ -]/),
  ),
);
const withSmallFunctionWords = (text: string): string =>
  text.replace(/[a-z']+/gi, (word) => {
    const small = word.toLowerCase();
    return IN_ANY_CASE.has(small.replaceAll("'", '')) || small.includes("n't") ? small : word;
  });

const SENTENCES = [
  'The book was good.',
  'The book was only kind of good.',
  'The plot was good, but the characters are uncompelling and the dialog is not great.',
  'A really bad, horrible book.',
  'At least it isnt a horrible book.',
  'It is the least good of them.',
  'This is the least interesting.',
  ':) and :D',
  '',
  'Today sux',
  'Today SUX!',
  'Today kinda sux! But I will get by, lol',
  'VADER is VERY SMART, handsome, and FUNNY!!!',
  'VADER is not smart, handsome, nor funny.',
  'It was never so good as this good day ???',
  'Never this bad!!!!!!',
  'They say it is the shit, yeah right',
  'That would be the kiss of death for a bad ass plan',
  'why would they so sadly fail???? so sadly!!',
  'without doubt the worst, despite being good',
  '"great" (great) great... great?! !!great great!!!',
];

describe('the general rules give what the oracle gives', () => {
  it.each(SENTENCES)('%j', (sentence) => {
    const text = withSmallFunctionWords(sentence);
    expect(ours(text)).toBe(oracleCompound(text));
  });

  it('for any sequence of words and marks', () => {
    const word = fc.constantFrom(
      ...'good bad GREAT horrible Love HATE not never so this isnt very VERY hardly kinda least at but the shit kind of sort'.split(
        ' ',
      ),
      ...'just enough without yeah right book House :) :( good! bad!!! great, "love" no lol !!! ??? ? , don\'t I'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        const text = withSmallFunctionWords(words.join(' '));
        expect(ours(text)).toBe(oracleCompound(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('and "Not good" is no praise, which the oracle takes it for', () => {
    expect(oracleCompound('Not good')).toBeGreaterThan(0);
    expect(ours('Not good')).toBe(oracleCompound('not good'));
  });

  it('also through the crypto lexicon where nothing of it occurs', () => {
    for (const sentence of [
      'A really bad, horrible book.',
      'VADER is VERY SMART, handsome, and FUNNY!!!',
      'sunny day',
    ]) {
      expect(crypto(sentence)).toEqual({ compound: plain(sentence).compound, cryptoTerms: 0 });
    }
  });
});

// The oracle takes a second for three thousand texts.
describe.skipIf(!hasPosts)('on every fourth of 55,585 recorded texts', () => {
  const texts = (hasPosts ? readPostTexts() : []).filter((_, at) => at % 4 === 0);

  it('every score equals the oracle’s, once the words it knows only in small letters are small', () => {
    let equalAsWritten = 0;
    for (const text of texts) {
      const same = withSmallFunctionWords(text);
      const oracle = oracleCompound(same);
      if (ours(same) !== oracle) throw new Error(`${ours(same)} instead of ${oracle}: ${same}`);
      if (text === same || ours(text) === oracleCompound(text)) equalAsWritten += 1;
    }
    expect(equalAsWritten / texts.length).toBeGreaterThan(0.97);
  }, 120_000);

  it('a text without crypto words gets its general score', () => {
    let without = 0;
    for (const text of texts) {
      const score = crypto(text);
      if (score.cryptoTerms > 0) continue;
      without += 1;
      if (score.compound !== plain(text).compound) throw new Error(`${score.compound}: ${text}`);
    }
    expect(without).toBeGreaterThan(4_000);
  }, 120_000);
});
