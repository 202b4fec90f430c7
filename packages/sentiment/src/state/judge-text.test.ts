import { expect, it } from 'vitest';
import { cleanText } from '../clean-text.ts';
import { refusalOf } from './judge-text.ts';

it.each([
  ['[deleted]', 'DELETED'],
  ['[removed]', 'DELETED'],
  ['[ Removed by Reddit ]', undefined],
  ['[removed by moderator]', 'DELETED'],
  ['', 'EMPTY'],
  ['\u200b\u200b', 'EMPTY'],
  ['> only a quote', 'EMPTY'],
  ['?!', 'EMPTY'],
  ['🚀', undefined],
  ['https://example.com/moon', 'LINK_ONLY'],
  ['source: [here](https://example.com)', 'LINK_ONLY'],
  ['I think Bitcoin goes up, see https://example.com', undefined],
  ['*I am a bot, and this action was performed automatically.*', 'BOT'],
  ['+/u/sodogetip 10 doge verify', 'BOT'],
  ['Giveaway! Join our Telegram t.me/coin', 'PROMOTION'],
  ['Presale live now, whitelist open', 'PROMOTION'],
  ['my airdrop came today and I sold it', undefined],
  ['I am bullish on ETH', undefined],
])('%j: %s', (raw, refusal) => {
  expect(refusalOf(raw, cleanText(raw))).toBe(refusal);
});
