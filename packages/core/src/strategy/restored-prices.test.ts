import { aBook, aTrade, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { anUpdate, aPosition, BTC, bookOf, RUN, refusalsOf, signalsOf } from '../../test/strategy-harness.ts';
import { profileOf } from '../trading/profile.ts';
import { createStrategyEngine } from './engine.ts';
import { MarketMemory, type PriceSample } from './market-memory.ts';

const eager = defaultSettings({ signals: { confirmation_count: 1, min_book_history_sec: 60 } });
const HOUR = 3_600_000;
const elsewhere = (ts: number, price: string) =>
  ({ type: 'fallback', symbol: BTC, ts_event: ts, ts_init: ts, price, source: 'coingecko' }) as const;

/** An engine that starts at `T0` with a LONG at 100 (stop 99, target 103) and these stored prices. */
function started(samples: readonly PriceSample[], position = aPosition({ entry_ts: T0 - HOUR })) {
  const engine = createStrategyEngine(eager, { run: RUN, profile: profileOf('SIMULATION', eager) });
  engine.onTradingState('ACTIVE');
  engine.onPositions(anUpdate([position]));
  engine.restore(BTC, samples, T0);
  const exitsAt = (afterMs: number) => signalsOf(engine.onTimer(T0 + afterMs));
  return { engine, exitsAt };
}

const young = aPosition({ entry_ts: T0 - 60_000 });

describe('a restored price', () => {
  test('keeps its age, and is used only as a last resort', () => {
    const market = new MarketMemory();
    market.restore(aBook({ ts_event: T0 - HOUR }));
    expect(market.exitPrice('LONG', T0, 2_000)).toEqual({ price: 99.9, source: 'last book', ageMs: HOUR });
    expect(market.exitPrice('SHORT', T0, 2_000)).toEqual({ price: 100.1, source: 'last book', ageMs: HOUR });
    market.restore(aTrade({ ts_event: T0 - HOUR + 1, price: '98' }));
    expect(market.exitPrice('LONG', T0, 2_000)).toEqual({ price: 98, source: 'last trade', ageMs: HOUR - 1 });
    market.restore(elsewhere(T0 - 90_000, '97'));
    expect(market.exitPrice('LONG', T0, 2_000)).toEqual({ price: 97, source: 'fallback', ageMs: 90_000 });
  });

  test('never replaces a received price', () => {
    const market = new MarketMemory();
    market.rememberBook(aBook(), 10);
    market.rememberTrade(aTrade({ price: '98' }));
    market.restore(aTrade({ ts_event: T0 - 1, price: '90' }));
    market.restore(aBook({ ts_event: T0 + 500, bids: [['80', '1']], asks: [['81', '1']] }));
    expect(market).toMatchObject({ bid: 99.9, ask: 100.1, bookTs: T0, bookValid: true });
    expect(market.exitPrice('LONG', T0 + 2_000, 2_000)).toMatchObject({ price: 99.9, source: 'book' });
    expect(market.exitPrice('LONG', T0 + 2_001, 2_000)).toMatchObject({ price: 98, source: 'trade' });
    expect(market.exitPrice('LONG', T0 + 60_500, 2_000)).toMatchObject({ price: 80, source: 'last book' });
  });

  test.each([[[]], [[['101', '1']]]] as const)('is missing from a book that is empty or crossed', (bids) => {
    const market = new MarketMemory();
    market.restore(aBook({ bids: bids.map(([price, qty]) => [price, qty] as [string, string]) }));
    expect(market.exitPrice('LONG', T0, 2_000)).toBeUndefined();
  });

  test('opens no position: entries still need a minute of received books', () => {
    const engine = createStrategyEngine(eager, { run: RUN, profile: profileOf('SIMULATION', eager) });
    engine.onTradingState('ACTIVE');
    for (let ts = T0 - 300_000; ts <= T0; ts += 500) engine.restore(BTC, [bookOf(-0.8, { ts })], ts);
    expect(engine.onTimer(T0 + 500)).toEqual([]);
    const [refusal] = refusalsOf(engine.onMarket(bookOf(-0.8, { ts: T0 + 1_000 }), T0 + 1_000));
    expect(refusal).toMatchObject({ refused_by: 'BOOK_HISTORY' });
    expect(refusal?.gates?.find(({ gate }) => gate === 'BOOK_HISTORY')).toMatchObject({ value: 0 });
  });
});

describe('a start with an open position', () => {
  const last = bookOf(0, { ts: T0 - HOUR, bid: 99.5 });

  test('waits a minute for the market, then exits at the last known price, and reports which', () => {
    const { exitsAt } = started([last]);
    expect(exitsAt(1_000)).toEqual([]);
    expect(exitsAt(60_000)).toEqual([]);
    const [exit] = exitsAt(60_001);
    expect(exit).toMatchObject({ exit_reason: 'TIME_EXIT', entry_price: 99.5 });
    expect(exit?.reason).toContain('closed at 99.5 (last book, 3660 s old): the holding time is over');
    expect(exit?.reason).toContain('-0.500 % from the entry at 100');
    expect(exit?.quote).toBeUndefined();
  });

  test('exits at once at a price received within that minute', () => {
    const { engine } = started([last]);
    const [exit] = signalsOf(engine.onMarket(bookOf(0, { ts: T0 + 3_000, bid: 90 }), T0 + 3_000));
    expect(exit).toMatchObject({ exit_reason: 'STOP_LOSS', entry_price: 90, quote: { bid: 90 } });
  });

  test('exits at the entry price if no price is known, and reports it', () => {
    const { exitsAt } = started([]);
    expect(exitsAt(60_000)).toEqual([]);
    const [exit] = exitsAt(60_001);
    expect(exit).toMatchObject({ exit_reason: 'TIME_EXIT', entry_price: 100 });
    expect(exit?.reason).toContain('closed at 100 (entry price, no price of the market is known)');
  });

  test('books no gain on an old price, and reports why', () => {
    const { exitsAt } = started([bookOf(0, { ts: T0 - HOUR, bid: 102 })]);
    const [exit] = exitsAt(60_001);
    expect(exit).toMatchObject({ exit_reason: 'TIME_EXIT', entry_price: 100 });
    expect(exit?.reason).toContain('entry price, the last book, 102, is 3660 s old and proves no gain');
  });

  test('reaches a stop by an old price, but no target', () => {
    expect(started([bookOf(0, { ts: T0 - HOUR, bid: 98 })], young).exitsAt(60_001)).toMatchObject([
      { exit_reason: 'STOP_LOSS', entry_price: 98 },
    ]);
    expect(started([bookOf(0, { ts: T0 - HOUR, bid: 104 })], young).exitsAt(60_001)).toEqual([]);
  });

  test('reaches its target by a fallback price while that replaces the venue’s', () => {
    const old = bookOf(0, { ts: T0 - HOUR, bid: 104 });
    expect(started([old, elsewhere(T0 - 170_000, '104')], young).exitsAt(60_001)).toMatchObject([
      { exit_reason: 'TAKE_PROFIT', entry_price: 104 },
    ]);
    expect(started([old, elsewhere(T0 - 180_000, '104')], young).exitsAt(60_001)).toEqual([]);
  });

  test('does not delay an exit of the operator', () => {
    const { engine } = started([last], young);
    engine.onTradingState('REDUCING');
    expect(signalsOf(engine.flatten(T0))).toMatchObject([{ exit_reason: 'OPERATOR', entry_price: 99.5 }]);
  });

  test('prices restored again after an outage delay no exit', () => {
    const { engine, exitsAt } = started([last], young);
    engine.restore(BTC, [bookOf(0, { ts: T0 + HOUR - 5_000, bid: 98.9 })], T0 + HOUR);
    expect(exitsAt(HOUR + 1)).toMatchObject([{ exit_reason: 'STOP_LOSS', entry_price: 98.9 }]);
  });
});

test('a received price that grew old proves no gain either', () => {
  const engine = createStrategyEngine(eager, { run: RUN, profile: profileOf('SIMULATION', eager) });
  engine.onMarket(bookOf(0, { bid: 102 }), T0);
  const exitAt = (heldMs: number, ms: number) => {
    engine.onPositions(anUpdate([aPosition({ signal_id: `entry-${ms}`, entry_ts: T0 + ms - heldMs })]));
    return signalsOf(engine.onTimer(T0 + ms));
  };
  expect(exitAt(1_800_000, 60_000)).toMatchObject([{ exit_reason: 'TIME_EXIT', entry_price: 102 }]);
  expect(exitAt(1_800_000, 60_001)).toMatchObject([{ exit_reason: 'TIME_EXIT', entry_price: 100 }]);
});

test('the end of a session exits at its last price, also with a gain', () => {
  const engine = createStrategyEngine(eager, { run: RUN, profile: profileOf('SIMULATION', eager) });
  engine.onMarket(bookOf(0, { bid: 102 }), T0);
  engine.onPositions(anUpdate([young]));
  const end = {
    type: 'break',
    symbol: BTC,
    ts_event: T0 + 60_001,
    ts_init: T0,
    kind: 'SESSION_END',
    reason: 'x',
  } as const;
  expect(signalsOf(engine.onMarket(end, T0 + 60_001))).toMatchObject([
    { exit_reason: 'SESSION_END', entry_price: 102 },
  ]);
});
