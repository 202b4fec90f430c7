import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aListing, aQuotation, aSurvey, marketFigures } from '../testing/made-market.ts';
import { type Contender, chooseMembers } from './choose-members.ts';
import { type SelectionInput, selectWatchlist } from './select-watchlist.ts';

const BASES = Array.from({ length: 24 }, (_, i) => `C${i}`);
const SYMBOLS = BASES.map((base) => `${base}USDT`);

/** One symbol in ten is no coin, one in ten has no ticker, one in ten no top. Figures range from the worst to the best. */
const coin = fc.record({
  listed: fc.boolean(),
  fields: fc.constantFrom({}, {}, {}, {}, {}, {}, {}, {}, { underlyingType: 'EQUITY' }, { status: 'SETTLING' }),
  missing: fc.constantFrom('', '', '', '', '', '', '', '', 'ticker', 'top'),
  // Half of them are equal, so that there are ties.
  figures: fc.oneof(
    fc.constant({}),
    fc.record({
      quoteVolume: fc.double({ min: 1e6, max: 1e10, noNaN: true }),
      topDepth: fc.double({ min: 100, max: 1e6, noNaN: true }),
      spreadBp: fc.double({ min: 0.01, max: 20, noNaN: true }),
      dayRangePct: fc.double({ min: 0.1, max: 80, noNaN: true }),
    }),
  ),
});

const some = fc.uniqueArray(fc.constantFrom(...SYMBOLS), { maxLength: 8 });

const input: fc.Arbitrary<SelectionInput> = fc
  .record({
    coins: fc.array(coin, { minLength: BASES.length, maxLength: BASES.length }),
    members: fc.uniqueArray(
      fc.record({
        symbol: fc.constantFrom(...SYMBOLS),
        sinceTs: fc.integer({ min: T0 - 10_000_000, max: T0 }),
        score: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      }),
      { selector: ({ symbol }) => symbol, maxLength: 10 },
    ),
    held: some,
    blacklist: some,
    whitelist: fc.oneof(fc.constant([]), some),
    size: fc.integer({ min: 1, max: 12 }),
    margin: fc.double({ min: 0, max: 0.5, noNaN: true }),
  })
  .map(({ coins, members, held, blacklist, whitelist, size, margin }) => {
    const known = coins.map((one, i) => ({ ...one, base: BASES[i] ?? '', symbol: SYMBOLS[i] ?? '' }));
    const listed = known.filter((one) => one.listed);
    const quoted = listed.map((one) => ({ ...one, ...aQuotation(one.symbol, one.figures) }));
    const trading = { watchlist_size: size, watchlist_margin: margin, blacklist, whitelist };
    return {
      survey: {
        listings: listed.map(({ base, fields }) => aListing(base, fields)),
        tickers: quoted.filter(({ missing }) => missing !== 'ticker').map(({ ticker }) => ticker),
        tops: quoted.filter(({ missing }) => missing !== 'top').map(({ top }) => top),
        venueTs: T0,
      },
      members,
      held: new Set(held),
      params: defaultSettings({ trading }).trading,
      nowMs: T0,
    };
  });

describe('for any market', () => {
  test('the list exceeds its size only by symbols with open positions or orders', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { list } = selectWatchlist(given);
        expect(list.length).toBeLessThanOrEqual(Math.max(given.params.watchlist_size, given.held.size));
        expect(new Set(list.map(({ symbol }) => symbol)).size).toBe(list.length);
      }),
    );
  });

  test('symbols with open positions or orders are on it, and members among them keep their start time', () => {
    fc.assert(
      fc.property(input, (given) => {
        const list = new Map(selectWatchlist(given).list.map((one) => [one.symbol, one]));
        for (const symbol of given.held) expect(list.has(symbol)).toBe(true);
        for (const { symbol, sinceTs } of given.members) {
          if (given.held.has(symbol)) expect(list.get(symbol)?.sinceTs).toBe(sinceTs);
        }
      }),
    );
  });

  test('no other symbol on it is blacklisted, not whitelisted, not a coin or not trading', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { blacklist, whitelist } = given.params;
        const good = new Set(
          given.survey.listings
            .filter(({ underlyingType, status }) => underlyingType === 'COIN' && status === 'TRADING')
            .map(({ symbol }) => symbol),
        );
        for (const { symbol } of selectWatchlist(given).list) {
          if (given.held.has(symbol)) continue;
          expect(blacklist).not.toContain(symbol);
          if (whitelist.length > 0) expect(whitelist).toContain(symbol);
          expect(good.has(symbol)).toBe(true);
        }
      }),
    );
  });

  test('every symbol of the survey is either on the list or rejected with a code', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { list, rejected } = selectWatchlist(given);
        const told = [...list, ...rejected].map(({ symbol }) => symbol);
        expect(new Set(told).size).toBe(told.length);
        for (const { symbol } of [...given.survey.listings, ...given.members]) expect(told).toContain(symbol);
      }),
    );
  });

  test('the order of rows and members changes nothing', () => {
    fc.assert(
      fc.property(input, fc.infiniteStream(fc.nat()), (given, dice) => {
        const shuffled = <T>(rows: readonly T[]): T[] =>
          rows
            .map((row) => ({ row, at: dice.next().value ?? 0 }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ row }) => row);
        const { listings, tickers, tops, venueTs } = given.survey;
        const survey = { listings: shuffled(listings), tickers: shuffled(tickers), tops: shuffled(tops), venueTs };
        const again = { ...given, survey, members: shuffled(given.members), held: new Set(shuffled([...given.held])) };
        expect(selectWatchlist(again)).toEqual(selectWatchlist(given));
      }),
    );
  });

  test('a second run with the new list as members changes nothing', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { list } = selectWatchlist(given);
        const again = selectWatchlist({ ...given, members: list });
        expect(again.list.map(({ symbol }) => symbol)).toEqual(list.map(({ symbol }) => symbol));
      }),
    );
  });
});

describe('hysteresis', () => {
  test('scores that change by less than half the margin never change a list', () => {
    const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 30 });
    const noises = fc.array(fc.infiniteStream(fc.double({ min: -0.499, max: 0.499, noNaN: true })), {
      minLength: 5,
      maxLength: 5,
    });
    fc.assert(
      fc.property(scores, noises, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (base, scans, margin) => {
        const rules = { size: Math.ceil(base.length / 2), margin, minAgeMs: 0, held: new Set<string>() };
        const at = (noise: (i: number) => number): Contender[] =>
          base.map((score, i) => ({ symbol: `C${i}`, score: score + margin * noise(i), judged: true }));
        let since = new Map<string, number>();
        const scan = (noise: (i: number) => number, nowMs: number) => {
          const chosen = chooseMembers(at(noise), { ...rules, since, nowMs });
          since = new Map(chosen.map(({ symbol, sinceTs }) => [symbol, sinceTs]));
          return chosen.map(({ symbol }) => symbol).toSorted();
        };
        const first = scan(() => 0, T0);
        for (const [i, stream] of scans.entries()) {
          expect(scan(() => stream.next().value ?? 0, T0 + (i + 1) * 900_000)).toEqual(first);
        }
      }),
    );
  });

  test('on a simulated market of 200 symbols with varying figures, few places change in a day of scans', () => {
    const listings = Array.from({ length: 200 }, (_, i) => aListing(`M${i}`));
    const changesWith = (margin: number): number => {
      const params = defaultSettings({ trading: { watchlist_margin: margin, watchlist_min_age_min: 0 } }).trading;
      let members: SelectionInput['members'] = [];
      let changes = 0;
      for (let scan = 0; scan < 96; scan += 1) {
        const survey = aSurvey(listings, (symbol, place) => marketFigures(symbol, place, scan));
        const { list } = selectWatchlist({ survey, members, held: new Set(), params, nowMs: T0 + scan * 900_000 });
        const before = new Set(members.map(({ symbol }) => symbol));
        if (scan > 0) changes += list.filter(({ symbol }) => !before.has(symbol)).length;
        members = list;
      }
      return changes;
    };
    const kept = changesWith(0.05);
    expect(kept).toBeLessThan(10);
    expect(changesWith(0)).toBeGreaterThan(10 * kept);
  });
});
