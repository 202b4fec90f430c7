import { describe, expect, it } from 'vitest';
import { BEARISH_PHRASES } from './crypto/bearish-phrases.ts';
import { BULLISH_PHRASES } from './crypto/bullish-phrases.ts';
import { createCryptoLexicon } from './crypto/crypto-lexicon.ts';
import { NEUTRAL_PHRASES } from './crypto/neutral-phrases.ts';
import { readPhrase } from './crypto/phrase-pattern.ts';
import { CRYPTO_WORDS } from './crypto/words.ts';
import { readVaderLexicon } from './read-vader-lexicon.ts';
import { createSentimentScorer } from './sentiment-scorer.ts';

const score = createSentimentScorer(readVaderLexicon(), createCryptoLexicon());
const of = (text: string): number => score(text).compound;

describe('crypto terms', () => {
  it.each([
    'BTC to the moon',
    'Bitcoin to the MOOOOON 🚀🚀🚀',
    'diamond hands 💎🙌',
    'just hodl',
    'HODLLLL!!!',
    'short squeeze incoming',
    'buy the fucking dip',
    'I keep stacking sats',
    'new ATH tomorrow',
    'mega bullish on DOT',
    'this will 10x',
    'it is not a scam',
    'no rug pull here',
    "you can't go wrong with ETH",
    'still early',
    '🚀',
    '❤️',
  ])('%j is bullish', (text) => {
    expect(of(text)).toBeGreaterThan(0);
  });

  it.each([
    'got rekt again',
    'it is a rug pull',
    'total ponzi',
    'paper hands everywhere',
    'whales dump on bagholders',
    'capitulation and liquidations',
    'pump and dump',
    'going to zero',
    'it has no intrinsic value',
    'zero utility',
    'it lacks adoption',
    'not bullish at all',
    'bearish',
    '-80% since May',
    'Luna 💀📉',
    'dead cat bounce',
    'nobody uses it',
    'shitcoin',
  ])('%j is bearish', (text) => {
    expect(of(text)).toBeLessThan(0);
  });

  it.each([
    'please help me with my wallet',
    'thanks in advance',
    'what is the market cap',
    'proof of stake',
    'block explorer',
  ])('%j is neutral towards a coin', (text) => {
    expect(of(text)).toBe(0);
  });

  it('matches the longest phrase: "short squeeze" is not "short"', () => {
    expect(of('short squeeze')).toBeGreaterThan(0);
    expect(of('short')).toBeLessThan(0);
  });

  it('matches no phrase across the end of a sentence', () => {
    expect(of('I went short. Squeeze the lemon')).toBeLessThan(0);
  });

  it('counts repeated emoji once', () => {
    expect(of('up 🚀🚀🚀🚀🚀')).toBe(of('up 🚀'));
  });

  it('treats the capitals of an acronym as its usual form', () => {
    expect(of('new ath for btc')).toBe(of('new ATH for BTC'));
  });
});

describe('the lists', () => {
  const lists = [BULLISH_PHRASES, BEARISH_PHRASES, NEUTRAL_PHRASES];
  const phrases = lists.flatMap((list) => list.flatMap(([valence, texts]) => texts.map((text) => ({ valence, text }))));

  it('give each word one valence', () => {
    const seen = new Map<string, number>();
    for (const [valence, text] of CRYPTO_WORDS) {
      for (const word of text.split(/\s+/)) {
        expect([word, seen.get(word) ?? valence]).toEqual([word, valence]);
        seen.set(word, valence);
      }
    }
  });

  it('hold phrases that the scorer can find: lower case, at least two characters, no apostrophe', () => {
    for (const { text, valence } of phrases) {
      for (const { words } of readPhrase(text, valence).places) {
        for (const word of words) expect(word, text).toMatch(/^[a-z0-9%-]{2,}$/);
      }
    }
  });

  it('hold valences within the range of a lexicon', () => {
    for (const [valence] of [...CRYPTO_WORDS, ...lists.flat()]) expect(Math.abs(valence)).toBeLessThanOrEqual(4);
  });
});
