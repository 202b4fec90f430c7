import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oracleCompound } from '../test/oracle-vader.ts';
import { hasPosts, readPostTexts } from '../test/reddit-data.ts';
import { createCryptoLexicon } from './crypto/crypto-lexicon.ts';
import { readVaderLexicon } from './read-vader-lexicon.ts';
import { createSentimentScorer } from './sentiment-scorer.ts';

const general = readVaderLexicon();
const plain = createSentimentScorer(general);
const crypto = createSentimentScorer(general, createCryptoLexicon());
const rounded = (score: number): number => Number(score.toFixed(4)) + 0;

const ours = (text: string): number => rounded(plain(text).compound);

const SENTENCES = [
  'The book was good.',
  'The book was only kind of good.',
  'The plot was good, but the characters are uncompelling and the dialog is not great.',
  'A really bad, horrible book.',
  'At least it isnt a horrible book.',
  'It is the least good of them.',
  'This is the least interesting.',
  ':) and :D',
  'Yeah good :( no',
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

describe('the general rules give the same scores as the oracle', () => {
  it.each(SENTENCES)('%j', (text) => {
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
      ..."Not NEVER Never So THIS Isnt Don't DON'T Least AT But BUT The SHIT Kind OF Just Enough Yeah Right Hand to Mouth".split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        const text = words.join(' ');
        expect(ours(text)).toBe(oracleCompound(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('also for "Not good", which they score as praise, except next to a crypto term', () => {
    expect(oracleCompound('Not good')).toBeGreaterThan(0);
    expect(rounded(crypto('Not good').compound)).toBe(oracleCompound('Not good'));
    expect(crypto('Not good, hodl').compound).toBeLessThan(crypto('Good, hodl').compound);
    expect(crypto('Not bullish').compound).toBe(crypto('not bullish').compound);
    expect(crypto('Not bullish').compound).toBeLessThan(0);
  });

  it('also with the crypto lexicon, for a text without crypto terms', () => {
    for (const sentence of [
      'A really bad, horrible book.',
      'VADER is VERY SMART, handsome, and FUNNY!!!',
      'sunny day',
    ]) {
      expect(crypto(sentence)).toEqual({ compound: plain(sentence).compound, cryptoTerms: 0 });
    }
  });
});

// The oracle needs a second for three thousand texts.
describe.skipIf(!hasPosts)('on every fourth of 55,585 recorded texts, as written', () => {
  const texts = (hasPosts ? readPostTexts() : []).filter((_, at) => at % 4 === 0);

  it('the general rules give the oracle’s score, and so does the full scorer for texts without crypto terms', () => {
    let without = 0;
    for (const text of texts) {
      const oracle = oracleCompound(text);
      if (ours(text) !== oracle) throw new Error(`${ours(text)} instead of ${oracle}: ${text}`);
      const { compound, cryptoTerms } = crypto(text);
      if (cryptoTerms > 0) continue;
      without += 1;
      if (rounded(compound) !== oracle) throw new Error(`${compound} instead of ${oracle}: ${text}`);
    }
    expect(without).toBeGreaterThan(4_000);
  }, 120_000);
});
