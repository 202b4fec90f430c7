import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SelectionRejection, WatchReason } from '@helios/shared/domain/asset-selection.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { aListing, aQuotation, aSurvey, type MadeFigures, marketFigures } from '../testing/made-market.ts';
import type { MarketSurvey } from './market-survey.ts';
import { type Selection, type SelectionInput, selectWatchlist } from './select-watchlist.ts';
import { shortlist } from './shortlist.ts';

const MINUTE_MS = 60_000;
const BASES = ['A', 'B', 'C', 'D', 'E', 'F'];

/** Six coins, the first with the largest turnover. */
function market(figures: Record<string, Partial<MadeFigures>> = {}, bases: readonly string[] = BASES): MarketSurvey {
  return aSurvey(
    bases.map((base) => aListing(base)),
    (symbol, place) => ({ quoteVolume: 1e9 - place * 1e8, ...figures[symbol.slice(0, -4)] }),
  );
}

function select(input: Partial<SelectionInput>, trading = {}): Selection {
  const params = defaultSettings({ trading: { watchlist_size: 3, ...trading } }).trading;
  return selectWatchlist({ survey: market(), members: [], held: new Set(), params, nowMs: T0, ...input });
}

const symbols = ({ list }: Selection): string[] => list.map(({ symbol }) => symbol);
const reasons = ({ list }: Selection) => Object.fromEntries(list.map(({ symbol, reason }) => [symbol, reason]));
const codes = ({ rejected }: Selection) => Object.fromEntries(rejected.map(({ symbol, code }) => [symbol, code]));
/** Members for this number of minutes, all with the same last score. */
const members = (minutes: number, ...names: string[]) =>
  names.map((symbol) => ({ symbol, sinceTs: T0 - minutes * MINUTE_MS, score: 0.5 }));

describe('the first list', () => {
  test('has the best by score, each with an explanation, and every other symbol has a code', () => {
    const selection = select({});
    expect(selection.list).toMatchObject([
      { symbol: 'AUSDT', reason: 'TOP', sinceTs: T0 },
      { symbol: 'BUSDT', reason: 'TOP' },
      { symbol: 'CUSDT', reason: 'TOP' },
    ]);
    expect(codes(selection)).toEqual({ DUSDT: 'OUTSCORED', EUSDT: 'OUTSCORED', FUSDT: 'OUTSCORED' });
    expect(selection.list[0]?.explanation).toBe(
      'AUSDT: score 0.850 among 6, 24 h volume 1.0 bn USDT (share 1.00), 10.0 k USDT at the best prices (better than 50 %), ' +
        'spread 1.00 bp (better than 50 %), volatility 0.98 % an hour by the day’s range (within the band, fit 1.00); among the best 3.',
    );
  });

  test('prefers a measured volatility to an estimated one', () => {
    const selection = select({ atrPct: new Map([['AUSDT', 9]]) });
    expect(symbols(selection)).not.toContain('AUSDT');
    const loser = selection.rejected.find(({ symbol }) => symbol === 'AUSDT');
    expect(loser?.explanation).toContain('9.00 % an hour ATR (too wild, fit 0.00)');
  });
});

describe('a member', () => {
  const old = members(120, 'DUSDT', 'EUSDT', 'FUSDT');

  test('is replaced only by a challenger that is better by the margin', () => {
    expect(symbols(select({ members: old }, { watchlist_margin: 0.01 }))).toEqual(['AUSDT', 'BUSDT', 'CUSDT']);
    const stay = select({ members: old }, { watchlist_margin: 0.5 });
    expect(reasons(stay)).toEqual({ DUSDT: 'MARGIN', EUSDT: 'MARGIN', FUSDT: 'MARGIN' });
    expect(stay.list.map(({ sinceTs }) => sinceTs)).toEqual(old.map(({ sinceTs }) => sinceTs));
  });

  test('stays for the minimum age, whatever the challengers are', () => {
    const trading = { watchlist_margin: 0, watchlist_min_age_min: 60 };
    const young = members(59, 'FUSDT');
    expect(reasons(select({ members: young }, trading))).toEqual({ AUSDT: 'TOP', BUSDT: 'TOP', FUSDT: 'YOUNG' });
    expect(symbols(select({ members: members(60, 'FUSDT') }, trading))).toEqual(['AUSDT', 'BUSDT', 'CUSDT']);
  });

  test('that is young still leaves when it may no longer be traded', () => {
    const halted = { ...market(), listings: BASES.map((base) => aListing(base, { status: 'TRADING_HALT' })) };
    expect(select({ survey: halted, members: members(1, 'AUSDT') }).list).toEqual([]);
    expect(codes(select({ members: members(1, 'AUSDT') }, { blacklist: ['AUSDT'] }))).toMatchObject({
      AUSDT: 'BLACKLISTED',
    });
    expect(codes(select({ members: members(1, 'GUSDT') }))).toMatchObject({ GUSDT: 'NOT_LISTED' });
  });

  test('without figures in a scan stays with its last score', () => {
    const survey = market();
    const tickers = survey.tickers.filter(({ symbol }) => symbol !== 'FUSDT');
    const known = [{ symbol: 'FUSDT', sinceTs: T0 - 120 * MINUTE_MS, score: 0.99 }];
    const selection = select({ survey: { ...survey, tickers }, members: known });
    expect(selection.list[0]).toMatchObject({ symbol: 'FUSDT', reason: 'UNJUDGED', score: 0.99 });
    expect(codes(select({ survey: { ...survey, tickers } }))).toMatchObject({ FUSDT: 'NO_TICKER' });
  });

  test('may fall below the floors for challengers, but not below half of them', () => {
    const trading = { min_quote_volume: 9.5e8 };
    const old = members(600, 'EUSDT', 'FUSDT');
    expect(symbols(select({}, trading))).toEqual(['AUSDT']);
    expect(symbols(select({ members: old }, trading)).toSorted()).toEqual(['AUSDT', 'EUSDT', 'FUSDT']);
    const thin = market({ F: { quoteVolume: 4.7e8 }, E: { spreadBp: 21 } });
    expect(codes(select({ survey: thin, members: old }, trading))).toMatchObject({
      EUSDT: 'WIDE_SPREAD',
      FUSDT: 'LOW_VOLUME',
    });
  });
});

describe('a symbol with an open position or order', () => {
  test('is on the list without conditions, and takes one of the places', () => {
    const survey = market();
    const listings = survey.listings.map((one) => (one.symbol === 'FUSDT' ? { ...one, status: 'SETTLING' } : one));
    const held = new Set(['FUSDT', 'GONEUSDT']);
    const selection = select({ survey: { ...survey, listings }, held }, { blacklist: ['FUSDT'] });
    expect(reasons(selection)).toEqual({ AUSDT: 'TOP', FUSDT: 'HELD', GONEUSDT: 'HELD' });
    expect(selection.list.at(-1)).toMatchObject({
      symbol: 'GONEUSDT',
      score: undefined,
      explanation: 'GONEUSDT: stays, because a position or an order is open on it.',
    });
  });

  test('stays even if there are more such symbols than places', () => {
    const held = new Set(['CUSDT', 'DUSDT', 'EUSDT', 'FUSDT']);
    expect(symbols(select({ held }))).toEqual([...held]);
  });
});

describe('the trading data decide too', () => {
  test.each<[SelectionRejection, (survey: MarketSurvey) => MarketSurvey]>([
    ['NO_TICKER', (s) => ({ ...s, tickers: s.tickers.map((one) => ({ ...one, high: 0, low: 0 })) })],
    ['NO_TOP', (s) => ({ ...s, tops: s.tops.map((one) => ({ ...one, bid: one.ask + 1 })) })],
    ['NO_TOP', (s) => ({ ...s, tops: s.tops.map((one) => ({ ...one, bid: 0 })) })],
    ['NO_TOP', (s) => ({ ...s, tops: [] })],
    ['LOW_VOLUME', (s) => ({ ...s, tickers: s.tickers.map((one) => ({ ...one, quoteVolume: 1e7 })) })],
    ['WIDE_SPREAD', (s) => ({ ...s, tops: s.tops.map((one) => ({ ...one, ask: one.ask * 1.01 })) })],
  ])('%s', (code, spoil) => {
    expect(new Set(Object.values(codes(select({ survey: spoil(market()) }))))).toEqual(new Set([code]));
  });

  test('a ticker that stops while others continue means that nothing trades', () => {
    const survey = market();
    const tickers = survey.tickers.map((one) => (one.symbol === 'AUSDT' ? { ...one, closeTs: T0 - 3_600_000 } : one));
    expect(codes(select({ survey: { ...survey, tickers } }))).toMatchObject({ AUSDT: 'NO_TRADES' });
    // Stamps are compared with the venue's time, so a wrong clock of ours rejects nothing.
    expect(select({ nowMs: T0 + 5 * 3_600_000 }).list).toHaveLength(3);
  });

  test('a ticker dated in the future costs only its own row, and a member keeps its place', () => {
    const sound = market();
    const tickers = sound.tickers.map((one) => (one.symbol === 'AUSDT' ? { ...one, closeTs: T0 + 3_600_000 } : one));
    const survey = { ...sound, tickers };
    const chosen = select({ survey });
    expect(symbols(chosen)).toEqual(['BUSDT', 'CUSDT', 'DUSDT']);
    expect(codes(chosen)).toEqual({ AUSDT: 'NO_TICKER', EUSDT: 'OUTSCORED', FUSDT: 'OUTSCORED' });
    expect(chosen.rejected.find(({ symbol }) => symbol === 'AUSDT')?.explanation).toBe(
      "AUSDT: its 24 h ticker is stamped 60 min ahead of the venue's time.",
    );
    const member = select({ survey, members: [{ symbol: 'AUSDT', sinceTs: T0 - 3_600_000, score: 0.9 }] });
    expect(reasons(member)).toMatchObject({ AUSDT: 'UNJUDGED' });
  });

  test('a foreign row dated 2100 changes nothing', () => {
    const sound = market();
    const foreign = { ...aQuotation('ZZZUSD_PERP').ticker, closeTs: 4_102_444_800_000 };
    expect(select({ survey: { ...sound, tickers: [foreign, ...sound.tickers] } })).toEqual(select({ survey: sound }));
  });
});

test('the shortlist for measuring has the members and the best three candidates per place, best first', () => {
  const bases = Array.from({ length: 40 }, (_, i) => `C${i}`);
  const survey = aSurvey(
    bases.map((base) => aListing(base)),
    (symbol, place) => marketFigures(symbol, place),
  );
  const params = defaultSettings({ trading: { watchlist_size: 3, min_quote_volume: 0, max_spread_bp: 100 } }).trading;
  const short = shortlist({ survey, members: members(1, 'C39USDT'), params, nowMs: T0 });
  const ranked = selectWatchlist({ survey, members: [], held: new Set(), params, nowMs: T0 });
  expect(short.slice(0, 3)).toEqual(symbols(ranked));
  expect(short).toHaveLength(10);
  expect(short).toContain('C39USDT');
});

test('the documentation explains every reason and every code, and no other', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/asset-selection.md'), 'utf8');
  const explained = [...page.matchAll(/^\| ([A-Z_]+) \| .+ \|$/gm)].map(([, code]) => code);
  expect(explained).toEqual([...WatchReason.options, ...SelectionRejection.options]);
});
