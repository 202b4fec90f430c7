import { describe, expect, it } from 'vitest';
import { cleanText } from '../clean-text.ts';
import { Attributor } from './attribute.ts';
import { baseAssetOf } from './coins.ts';

/** Bases on the testnet's list that are ordinary words. */
const WORDS = ['A', 'S', 'D', 'T', 'ON', 'IN', 'AI', 'THE', 'NOT', 'ALL', 'ATH', 'APR', 'TOKEN', 'PEOPLE', '4', '42'];
const attributor = new Attributor([...WORDS, 'FOO']);
const of = (text: string): string[] =>
  Object.keys(attributor.attribute({ title: '', text: cleanText(text), subreddit: 'CryptoCurrency' })).sort();

it('a subreddit named like a property of every object has no coin', () => {
  for (const subreddit of ['constructor', 'toString', '__proto__'])
    expect(attributor.attribute({ title: '', text: cleanText('to the moon'), subreddit })).toEqual({});
});

describe('coins named in a text', () => {
  it.each([
    ['Bitcoin is the future', 'BTC'],
    ['bought some btc and eth', 'BTC,ETH'],
    ['$SOL looks strong', 'SOL'],
    ['$link $uni $near', 'LINK,NEAR,UNI'],
    ['SOL is down again', 'SOL'],
    ['my DOT and ADA are staked', 'ADA,DOT'],
    ['I hold LINK', 'LINK'],
    ['BTC, ETH, LINK and NEAR', 'BTC,ETH,LINK,NEAR'],
    ['solana and chainlink', 'LINK,SOL'],
    ['Near Protocol grows', 'NEAR'],
    ['Bitcoin Cash is not Bitcoin', 'BCH,BTC'],
    ['ethereum classic mining', 'ETC'],
    ['long SOLUSDT here', 'SOL'],
    ['SOL USDT broke out', 'SOL'],
    ['Avalanche token price', 'AVAX'],
    ['the FOO token will list', 'FOO'],
    ['$PEOPLE and $OP', 'OP,PEOPLE'],
    ['NOTUSDT and ON/USDT rise', 'NOT,ON'],
    ['OP/USDT, OPUSDT', 'OP'],
    ['Chainlink', 'LINK'],
    ['Chainlink’s price', 'LINK'],
    ["BTC's price", 'BTC'],
    ['SOLUSDT', 'SOL'],
    ['bought SOL and ETH', 'ETH,SOL'],
    ['He owns LINK.', 'LINK'],
    ['DOT holders', 'DOT'],
    ['Uniswap and UNI', 'UNI'],
    ['Uniswap faces a lawsuit', 'UNI'],
    ['bought LINK and ETH on Uniswap', 'ETH,LINK'],
    ['a school accepts BitcoinCash', 'BCH'],
    ['#bitcoincash meet-up', 'BCH'],
    ['I sold The Graph for a small gain', 'GRT'],
  ])('%j names %s', (text, coins) => {
    expect(of(text).join()).toBe(coins);
  });

  it.each([
    'click the link in my bio',
    'LINK in the comments',
    'CLICK THE LINK NOW AND CLAIM YOUR UNI SOL DOT GIFT',
    'el sol sale por la mañana',
    'dot the i',
    'my uni exams are near',
    'THE END IS NEAR',
    'not the ONE we wanted',
    'Ada Lovelace liked numbers',
    'ada lovelace wrote programs',
    'an avalanche of mails, a stellar team, the whole cosmos, polygon with six corners',
    'ripple effects',
    'PEOPLE do not care',
    'OP bought the top',
    'You are right, OP. Sell the coin',
    'click the LINK to buy tokens',
    'I sold it. LINK in the comments',
    'I finished UNI today',
    'the DOT fined the bank',
    'A coin for everyone to buy',
    'do NOT buy',
    'buy THE dip, sell ALL coins ON the way',
    "DON'T sell your tokens",
    'DON’T sell your tokens',
    'nice coin :D',
    'I have TUSD, GUSD and sBUSD',
    'A USDT depeg',
    'bought 4 coins for $4 or 42 USD',
    'a TON of coins',
    'ATH price, 5 % APR, my TOKEN price',
    'selling my PEOPLE skills',
    'gas fees are high, apt to rise',
    'atom bomb',
    'the graph shows the price of everything',
    'Look at the Graph: price is up',
    'The graph of the price',
    'swap it via Uniswap',
    'sand in my shoes, mana from heaven',
    '$5 for one coffee',
    '',
  ])('%j names no coin', (text) => {
    expect(of(text)).toEqual([]);
  });
});

describe('relevance', () => {
  const of = (subject: { title?: string; text?: string; subreddit?: string; parent?: Record<string, number> }) =>
    attributor.attribute({ title: '', text: '', subreddit: 'CryptoCurrency', ...subject });

  it('is higher for a title than for a text', () => {
    expect(of({ title: 'Bitcoin falls' })).toEqual({ BTC: 1 });
    expect(of({ text: 'Bitcoin falls' })).toEqual({ BTC: 0.7 });
  });

  it('is divided among the coins of a text, and very low in a list', () => {
    expect(of({ title: 'BTC or ETH' })['BTC']).toBeCloseTo(Math.SQRT1_2);
    expect(of({ title: 'BTC ETH XRP BNB LTC BCH XMR AAVE' })['BTC']).toBeCloseTo(1 / 8);
  });

  it('comes from the post or the subreddit if a text names no coin', () => {
    expect(of({ text: 'to the moon', parent: { DOGE: 1 } })).toEqual({ DOGE: 0.5 });
    expect(of({ text: 'to the moon', subreddit: 'dogecoin' })).toEqual({ DOGE: 0.4 });
    expect(of({ text: 'to the moon' })).toEqual({});
    expect(of({ text: 'BTC to the moon', subreddit: 'dogecoin' })).toEqual({ BTC: 0.7 });
  });
});

it.each([
  ['BTCUSDT', 'BTC'],
  ['1000PEPEUSDT', 'PEPE'],
  ['1000000PEPEUSDT', 'PEPE'],
  ['1000000PEPE', 'PEPE'],
  ['1MBABYDOGEUSDT', 'BABYDOGE'],
  ['1INCHUSDT', '1INCH'],
  ['ETHUSDC', 'ETH'],
  ['BTCUSDT_250627', 'BTC'],
])('the base of %s is %s', (symbol, base) => {
  expect(baseAssetOf(symbol)).toBe(base);
});
