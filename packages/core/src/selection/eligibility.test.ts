import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { aListing } from '../testing/made-market.ts';
import { ineligibility } from './eligibility.ts';
import type { Listing } from './market-survey.ts';

const DAY_MS = 86_400_000;

const codeOf = (listing: Listing, trading = {}) =>
  ineligibility(listing, defaultSettings({ trading }).trading, T0)?.code;

test('a perpetual on a coin against USDT is eligible, with or without the field for USDⓈ-M', () => {
  expect(codeOf(aListing('BTC'))).toBeUndefined();
  expect(codeOf(aListing('1000SHIB', { marginKind: undefined }))).toBeUndefined();
});

test.each([
  ['NOT_USD_MARGINED', { marginKind: 2 }],
  ['NOT_PERPETUAL', { contractType: 'TRADIFI_PERPETUAL' }],
  ['NOT_PERPETUAL', { contractType: 'CURRENT_QUARTER' }],
  ['NOT_PERPETUAL', { contractType: 'CURRENT_QUARTER DELIVERING' }],
  ['NOT_PERPETUAL', { contractType: '' }],
  ['NOT_USDT_QUOTED', { quoteAsset: 'USDC', marginAsset: 'USDC' }],
  ['NOT_USDT_MARGINED', { marginAsset: 'BTC' }],
  ['NOT_TRADING', { status: 'TRADING_HALT' }],
  ['NOT_TRADING', { status: 'SETTLING' }],
  ['NOT_TRADING', { status: 'PENDING_TRADING' }],
  ['DELIVERING', { deliveryTs: T0 + 30 * DAY_MS }],
  ['DELIVERING', { deliveryTs: T0 - DAY_MS }],
  ['DELIVERING', { deliveryTs: 0 }],
  ['NOT_COIN', { underlyingType: 'INDEX' }],
  ['NOT_COIN', { underlyingType: 'EQUITY' }],
  ['NOT_COIN', { underlyingType: 'HK_EQUITY' }],
  ['NOT_COIN', { underlyingType: 'COMMODITY' }],
  ['NOT_COIN', { underlyingType: 'PREMARKET' }],
  ['ODD_SYMBOL', { symbol: '币安人生USDT', baseAsset: '币安人生' }],
  ['ODD_SYMBOL', { symbol: 'btcUSDT', baseAsset: 'btc' }],
  ['ODD_SYMBOL', { symbol: 'IDOL' }],
  ['PEGGED_BASE', { symbol: 'USDCUSDT', baseAsset: 'USDC' }],
  ['PEGGED_BASE', { symbol: 'FDUSDUSDT', baseAsset: 'FDUSD' }],
  ['TOO_NEW', { onboardTs: T0 - 29 * DAY_MS }],
  ['TOO_NEW', { onboardTs: T0 + DAY_MS }],
] satisfies [string, Partial<Listing>][])('%s: %j', (code, fields) => {
  expect(codeOf(aListing('ABC', fields))).toBe(code);
});

test('the delivery date of a perpetual without delisting is around 2100, not exact to the millisecond', () => {
  expect(codeOf(aListing('BTC', { deliveryTs: 4_133_404_802_000 }))).toBeUndefined();
  expect(codeOf(aListing('FET', { deliveryTs: 4_133_408_400_000 }))).toBeUndefined();
});

test('the blacklist is checked before the whitelist, and both before the age', () => {
  const both = { blacklist: ['ABCUSDT'], whitelist: ['ABCUSDT'] };
  expect(codeOf(aListing('ABC', { onboardTs: T0 }), both)).toBe('BLACKLISTED');
  expect(codeOf(aListing('ABC'), { whitelist: ['BTCUSDT'] })).toBe('NOT_WHITELISTED');
  expect(codeOf(aListing('ABC'), { whitelist: ['ABCUSDT'] })).toBeUndefined();
  expect(codeOf(aListing('ABC', { onboardTs: T0 }), { min_listing_age_days: 0 })).toBeUndefined();
});
