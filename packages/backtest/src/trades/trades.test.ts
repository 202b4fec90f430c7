import type { MarketEvent, MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { aSignal, aTrade, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import type { MarketTarget } from '../data/market-target.ts';
import type { PlayableData } from '../data/playable-data.ts';
import { NO_LATENCY } from '../models/order-latency.ts';
import { RISK_AVERSE } from '../models/queue-model.ts';
import { type ChosenModels, USUAL_MODELS } from '../models/read-venue-models.ts';
import { playBacktest } from '../run-backtest.ts';
import { plannedEngine } from '../testing/planned-engine.ts';
import { BookedTarget, TRADES_ASSUMPTION } from './booked-target.ts';

const INSTRUMENT = { symbol: 'BTCUSDT', tick_size: '0.5', step_size: '0.001', min_notional: '5' };
const MINUTE_MS = 60_000;

const trade = (ms: number, side: 'bought' | 'sold', qty: string, price: string): MarketTrade =>
  aTrade({ ts_event: T0 + ms, ts_init: T0 + ms, price, qty, buyer_is_maker: side === 'sold' });
const end: MarketEvent = {
  ...{ type: 'break', kind: 'SESSION_END', symbol: 'BTCUSDT', reason: 'a test' },
  ...{ ts_event: T0 + 2 * MINUTE_MS, ts_init: T0 + 2 * MINUTE_MS },
};
/** The first trade leaves the last minute when the last one comes. */
const MINUTE = [
  trade(0, 'sold', '10', '100'),
  trade(1_000, 'bought', '30', '101'),
  trade(MINUTE_MS, 'sold', '20', '100'),
];

/** Frames that a target receives, by type and ms after T0. */
function framesOf(events: readonly MarketEvent[]) {
  const frames: MarketEvent[] = [];
  const target: MarketTarget = { onFrame: (frame) => void frames.push(...frame), sideOf: () => undefined };
  const booked = new BookedTarget(target, [INSTRUMENT]);
  for (const event of events) booked.onFrame([event]);
  return frames;
}

const booksOf = (events: readonly MarketEvent[]) =>
  framesOf(events).flatMap((event) => (event.type === 'book' ? [event.ts_event - T0] : []));

describe('a book that is made up from trades', () => {
  test('is twice as wide as the last bounce, and holds 2 % of the last minute per basis point of a level', () => {
    const [, , , book] = framesOf(MINUTE);
    if (book?.type !== 'book') throw new Error('no book');
    // Volume 50, of which 60 % bought: the imbalance is 0.9 × (1 − 1.2) = −0.18. A tick of 0.5 at 100 is 50 bp: levels of 50 × 1.18 and 50 × 0.82.
    expect(book.bids.slice(0, 2)).toEqual([
      ['99.0', '59.000'],
      ['98.5', '59.000'],
    ]);
    expect(book.asks.slice(0, 2)).toEqual([
      ['101.0', '41.000'],
      ['101.5', '41.000'],
    ]);
    expect([book.bids.length, book.asks.length]).toEqual([5, 5]);
  });

  test('comes after a minute and after both sides traded, and then each 100 ms at most', () => {
    const after = (...ms: number[]) => ms.map((each) => trade(each, 'bought', '1', '101'));
    expect(booksOf([...MINUTE, ...after(60_050, 60_099, 60_100, 60_300)])).toEqual([60_000, 60_100, 60_300]);
    expect(booksOf(after(0, 60_000, 61_000))).toEqual([]);
  });

  test('forgets what was before the end of a session', () => {
    const later = MINUTE.map((one) => ({ ...one, ts_event: one.ts_event + 3 * MINUTE_MS }));
    expect(booksOf([...MINUTE, end, ...later])).toEqual([MINUTE_MS, 4 * MINUTE_MS]);
  });

  test('is at least a tick away from the last price, however close both sides traded', () => {
    const flat = MINUTE.map((one) => ({ ...one, price: '100' }));
    const book = framesOf(flat).at(-1);
    if (book?.type !== 'book') throw new Error('no book');
    expect([book.bids[0]?.[0], book.asks[0]?.[0]]).toEqual(['99.5', '100.5']);
  });
});

describe('a backtest of trades alone', () => {
  async function play(
    mode: 'HF_MARKET' | 'HF_LIMIT',
    after: readonly MarketTrade[],
    venueModels: ChosenModels = USUAL_MODELS,
  ) {
    const data: PlayableData = {
      ...{ run: 'trades', instruments: [INSTRUMENT], isBookMadeUp: true },
      async play(target) {
        const booked = new BookedTarget(target, [INSTRUMENT]);
        for (const event of [...MINUTE, ...after]) booked.onFrame([event]);
        return { badFrames: 0, faults: [], assumptions: [TRADES_ASSUMPTION] };
      },
    };
    const timestamp = T0 + MINUTE_MS;
    const entry: Partial<TradingSignal> = { run: 'trades', timestamp, ts_init: timestamp, entry_price: 101 };
    const settings = defaultSettings({ simulation: { mode, position_size: 0.5 }, fees: { slippage_bp: 0 } });
    const bounds = { fromTs: 0, toTs: Number.POSITIVE_INFINITY, fundingRate: 0, latency: NO_LATENCY };
    const options = {
      kind: 'RECORDINGS',
      files: [],
      market: 'usdm',
      settings,
      changed: {},
      venueModels,
      ...bounds,
    } as const;
    // The signal is decided on the book: the second event of its time.
    const createEngine = plannedEngine([aSignal({ ...entry, quote: { bid: 99, ask: 101 } })], 'book');
    return await playBacktest(data, options, { createEngine });
  }

  test('fills a taker at the made-up price and says so', async () => {
    const { decisions, assumptions, models } = await play('HF_MARKET', []);
    expect(decisions).toMatchObject([{ outcome: 'OPENED', fill_price: 101, liquidity: 'TAKER' }]);
    expect(assumptions.join()).toContain('made up');
    expect(models.join()).toContain('Queue: unknown');
  });

  const atLimit = trade(MINUTE_MS + 1_000, 'sold', '1000', '99');
  const through = trade(MINUTE_MS + 2_000, 'sold', '0.001', '98.5');

  test('fills a resting order only by a trade through its limit', async () => {
    const outcomeOf = async (...after: MarketTrade[]) => (await play('HF_LIMIT', after)).decisions[0]?.outcome;
    expect(await outcomeOf(atLimit)).toBe('RESTING');
    expect(await outcomeOf(atLimit, through)).toBe('OPENED');
  });

  test('takes the made-up queue if a queue model is named', async () => {
    const { decisions, models } = await play('HF_LIMIT', [atLimit], { ...USUAL_MODELS, queue: RISK_AVERSE });
    expect(decisions).toMatchObject([{ outcome: 'OPENED', fill_price: 99, liquidity: 'MAKER' }]);
    expect(models.join()).toContain('waits for all that was visible');
  });
});
