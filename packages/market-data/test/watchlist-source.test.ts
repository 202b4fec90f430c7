import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import { aListing, aSurvey } from '@helios/core/testing/made-market.ts';
import { Channels, Maps, Rankings } from '@helios/shared/contracts/catalog.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { describe, expect, test } from 'vitest';
import type { Ingestor } from '../src/publish/publisher.ts';
import { openWatchlist } from '../src/watchlist/open-watchlist.ts';
import type { ChosenWatchlist } from '../src/watchlist/watchlist-source.ts';

const RUN = 'public:mainnet';
const DOWN: RestFailure = { kind: 'FAILURE', code: 'DOWN', detail: 'No answer.', advice: 'Is it up?' };

/** A venue of four coins and a Redis; watchlists are opened on them as an ingestor does. */
function createWatchlistHarness(trading: Partial<Settings['trading']>) {
  const fake = createFakeRedis();
  const log = createRecordingLog();
  const harness = {
    fake,
    log,
    page: fake.bus('dashboard-api'),
    listings: ['C0', 'C1', 'C2', 'C3'].map((base) => aListing(base)),
    failure: undefined as RestFailure | undefined,
    problem: undefined as string | undefined,
    said: () => log.lines.map(({ message, fields }) => [message, fields['symbol'] ?? fields['problem']]),
  };
  const params = defaultSettings({ trading: { watchlist_size: 2, ...trading } }).trading;
  const open = (name: Ingestor = 'public-price-ingestor') =>
    openWatchlist({
      bus: fake.bus(name) as Bus<Ingestor>,
      run: RUN,
      market: {
        listings: async () => harness.failure ?? { kind: 'OK', value: harness.listings, tsSent: T0, tsReceived: T0 },
        async survey(listings) {
          if (harness.problem !== undefined) return { kind: 'FAILED', detail: harness.problem };
          const figuresOf = (_: string, place: number) => ({ quoteVolume: 1e9 - place * 1e8 });
          return { kind: 'SURVEY', survey: aSurvey(listings, figuresOf) };
        },
        measureVolatility: async () => new Map(),
      },
      params,
      clock: createFakeClock(T0),
      log,
    });
  return Object.assign(harness, { open });
}

function chosen(answer: ChosenWatchlist | RestFailure | undefined): ChosenWatchlist {
  if (answer?.kind !== 'OK') throw new Error('nothing was chosen');
  return answer;
}

describe('the chosen list', () => {
  test.each<{ name: Ingestor }>([{ name: 'public-price-ingestor' }, { name: 'data-ingestor' }])(
    'is written by $name, state before messages, and continued at the next start',
    async ({ name }) => {
      const harness = createWatchlistHarness({});
      const seen: unknown[] = [];
      await harness.page.subscribe(Channels.watchlistChanges, async ({ symbols }) => {
        seen.push(symbols, Object.keys(await harness.page.getMap(Maps.instruments)));
      });
      const { source, announced } = await harness.open(name);
      expect(announced).toEqual([]);
      const list = chosen(await source.choose());
      expect(list).toMatchObject({ symbols: ['C0USDT', 'C1USDT'], isMakeshift: false });
      await harness.fake.bus(name).write((batch) => list.write(batch));
      await harness.fake.settle();
      expect(seen).toEqual([list.symbols, list.symbols]);
      expect((await harness.page.getRanking(Rankings.watchlist)).map(({ member }) => member)).toEqual(list.symbols);
      const again = await harness.open(name);
      expect(again.announced).toEqual(list.symbols);
      expect((await again.source.initial()).symbols).toEqual(list.symbols);
    },
  );

  test('is missing if the venue does not list its symbols: the caller gets that failure', async () => {
    const harness = createWatchlistHarness({});
    const { source } = await harness.open();
    harness.failure = DOWN;
    expect(await source.choose()).toBe(DOWN);
    expect(harness.log.lines).toEqual([]);
  });

  test('is provisional after a failed scan, and each reason is logged once', async () => {
    const harness = createWatchlistHarness({});
    const { source } = await harness.open();
    harness.problem = 'no tickers';
    for (let i = 0; i < 3; i += 1) expect(chosen(await source.choose()).isMakeshift).toBe(true);
    harness.problem = 'no tops';
    await source.choose();
    harness.problem = undefined;
    expect(chosen(await source.choose()).isMakeshift).toBe(false);
    harness.problem = 'no tops';
    await source.choose();
    const message = 'watchlist stays as it is';
    expect(harness.said()).toEqual([
      [message, 'no tickers'],
      [message, 'no tops'],
      [message, 'no tops'],
    ]);
  });
});

describe('named symbols', () => {
  const MISSING = 'symbol is not watched: the venue does not trade it';

  test('that are not traded are logged once, again for another reason, and again after they came back', async () => {
    const harness = createWatchlistHarness({ symbols: ['C0USDT', 'C1USDT'] });
    const whole = harness.listings;
    const { source } = await harness.open();
    const choose = async (status: string | undefined) => {
      harness.listings = whole.flatMap((one) =>
        one.symbol !== 'C1USDT' ? one : status === undefined ? [] : { ...one, status },
      );
      return chosen(await source.choose()).symbols;
    };
    expect(await choose('TRADING_HALT')).toEqual(['C0USDT']);
    expect(await choose('TRADING_HALT')).toEqual(['C0USDT']);
    expect(harness.log.lines[0]?.fields).toMatchObject({ venue_says: 'C1USDT: status is TRADING_HALT, not TRADING.' });
    expect(harness.log.lines).toHaveLength(1);
    await choose(undefined);
    expect(harness.log.lines[1]?.fields).toMatchObject({ venue_says: 'C1USDT: the venue does not list it.' });
    expect(await choose('TRADING')).toEqual(['C0USDT', 'C1USDT']);
    await choose(undefined);
    expect(harness.said()).toEqual([
      [MISSING, 'C1USDT'],
      [MISSING, 'C1USDT'],
      [MISSING, 'C1USDT'],
    ]);
  });

  test('are all kept while open positions are unknown', async () => {
    const harness = createWatchlistHarness({ symbols: ['C0USDT', 'GONEUSDT'] });
    const { source } = await harness.open();
    harness.fake.goDown();
    expect(chosen(await source.choose())).toMatchObject({ symbols: ['C0USDT', 'GONEUSDT'], isMakeshift: true });
    harness.fake.comeBack();
    expect(chosen(await source.choose()).symbols).toEqual(['C0USDT']);
  });
});

test('a watchlist is not opened while Redis is away', async () => {
  const harness = createWatchlistHarness({});
  harness.fake.goDown();
  await expect(harness.open()).rejects.toBeInstanceOf(BusUnavailable);
});
