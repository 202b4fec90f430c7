import type { MarketBreak } from '@helios/shared/domain/market-data.ts';
import { TradingSignal } from '@helios/shared/domain/signal.ts';
import { anOrder, aTrade, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import {
  anEngine,
  anUpdate,
  aPosition,
  BTC,
  followUpsOf,
  minutes,
  persist,
  RUN,
  refusalsOf,
  signalsOf,
} from '../../test/strategy-harness.ts';
import { profileOf } from '../trading/profile.ts';
import { createStrategyEngine } from './engine.ts';

const params = defaultSettings();

function sessionEnd(ts_event: number): MarketBreak {
  return { type: 'break', symbol: BTC, ts_event, ts_init: ts_event, kind: 'SESSION_END', reason: 'recording ended' };
}

describe('exits', () => {
  test('a LONG is judged on the bid, and exits once, with a quote', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition()]));
    expect(signalsOf(book(0, T0 + 250, 99.1))).toEqual([]);
    const [exit] = signalsOf(book(0, T0 + 500, 99));
    expect(TradingSignal.parse(exit)).toMatchObject({
      signal_id: 'entry-1-STOP_LOSS',
      direction: 'EXIT_LONG',
      exit_reason: 'STOP_LOSS',
      entry_price: 99,
      quote: { bid: 99, ask: 99.1 },
    });
    expect(exit?.reason).toContain('99');
    expect(signalsOf(book(0, T0 + 750, 98))).toEqual([]);
  });

  test('a SHORT is judged on the ask', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition({ side: 'SHORT', stop_loss: 101, take_profit: 97 })]));
    expect(signalsOf(book(0, T0 + 250, 97))).toEqual([]);
    expect(signalsOf(book(0, T0 + 500, 96.9))).toMatchObject([{ direction: 'EXIT_SHORT', exit_reason: 'TAKE_PROFIT' }]);
  });

  test('a stale book is replaced by a trade, and the exit then has no quote', () => {
    const { engine } = anEngine(params);
    engine.onPositions(anUpdate([aPosition()]));
    const ts = T0 + 5_000;
    const [exit] = signalsOf(engine.onMarket(aTrade({ ts_event: ts, price: '98.5' }), ts));
    expect(exit).toMatchObject({ exit_reason: 'STOP_LOSS', entry_price: 98.5 });
    expect(exit?.quote).toBeUndefined();
    expect(exit?.reason).toContain('trade, 0 ms old');
  });

  test('while the venue is away a fallback price may close a position, but never opens one', () => {
    const { engine, book } = anEngine(params);
    const ts = T0 + 60_000;
    const elsewhere = {
      type: 'fallback',
      symbol: BTC,
      ts_event: ts - 30_000,
      ts_init: ts,
      source: 'coingecko',
    } as const;
    book(-0.9, T0 + 250);
    book(-0.9, T0 + 500);
    expect(signalsOf(engine.onMarket({ ...elsewhere, price: '98' }, ts))).toEqual([]);
    engine.onPositions(anUpdate([aPosition()]));
    const [exit, ...more] = engine.onMarket({ ...elsewhere, price: '98.5' }, ts + 1);
    expect(exit).toMatchObject({ kind: 'SIGNAL', signal: { direction: 'EXIT_LONG', entry_price: 98.5 } });
    expect(signalsOf(exit ? [exit] : [])[0]?.reason).toContain('fallback, 30001 ms old');
    expect(signalsOf(exit ? [exit] : [])[0]?.quote).toBeUndefined();
    expect(more).toEqual([]);
  });

  test('the holding time ends without any price, at the entry price', () => {
    const engine = createStrategyEngine(params, { run: RUN, profile: profileOf('SIMULATION', params) });
    engine.onPositions(anUpdate([aPosition()]));
    expect(engine.onTimer(T0 + 1_799_999)).toEqual([]);
    expect(signalsOf(engine.onTimer(T0 + 1_800_000))).toMatchObject([
      { exit_reason: 'TIME_EXIT', entry_price: 100, direction: 'EXIT_LONG' },
    ]);
  });

  test('events of other symbols run the timers, so a replay needs no timer', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition({ symbol: 'ETHUSDT' })], { symbol: 'ETHUSDT' }));
    expect(signalsOf(book(0, T0 + 1_800_000))).toMatchObject([{ symbol: 'ETHUSDT', exit_reason: 'TIME_EXIT' }]);
  });

  test('a confirmed opposite trigger reverses the position, an unconfirmed one does not', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition()]));
    expect(signalsOf(book(0.8, T0 + 60_250))).toEqual([]);
    expect(signalsOf(book(0.8, T0 + 60_500))).toEqual([]);
    expect(signalsOf(book(0.8, T0 + 60_750))).toMatchObject([{ exit_reason: 'SIGNAL_REVERSAL' }]);
  });

  test('the trailing stop is published when it moves, fires, and is deleted with its position', () => {
    const { engine, book } = anEngine(params);
    for (const kline of minutes(20)) engine.warm(kline);
    engine.onPositions(anUpdate([aPosition()]));
    const [armed] = book(0, T0 + 250, 100.5);
    expect(armed).toMatchObject({ kind: 'TRAILING', field: 'BTCUSDT:LONG' });
    expect(armed?.kind === 'TRAILING' && armed.trailing?.stop).toBeCloseTo(100.2, 6);
    expect(book(0, T0 + 300, 100.5)).toEqual([]);
    expect(signalsOf(book(0, T0 + 500, 100.1))).toMatchObject([{ exit_reason: 'TRAILING_STOP' }]);
    engine.onPositions(anUpdate([]));
    expect(book(0, T0 + 750)).toEqual([{ kind: 'TRAILING', field: 'BTCUSDT:LONG', trailing: undefined }]);
  });

  test('the trailing stop lies on the tick of the instrument', () => {
    const { engine, book } = anEngine(params);
    engine.onInstrument({ symbol: 'BTCUSDT', tick_size: '0.25', step_size: '0.001', min_notional: '5' });
    for (const kline of minutes(20)) engine.warm(kline);
    engine.onPositions(anUpdate([aPosition()]));
    const [armed] = book(0, T0 + 250, 100.6);
    expect(armed?.kind === 'TRAILING' && armed.trailing?.stop).toBe(100.25);
  });

  test('a stored trailing stop applies only to its own position', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition()]));
    const stored = { signal_id: 'entry-1', extreme: 102, stop: 100.5, ts_event: T0 };
    expect(engine.restoreTrailing('BTCUSDT:LONG', { ...stored, signal_id: 'another' })).toBe(false);
    expect(engine.restoreTrailing('ETHUSDT:LONG', stored)).toBe(false);
    expect(engine.restoreTrailing('BTCUSDT:LONG', stored)).toBe(true);
    expect(signalsOf(book(0, T0 + 250, 100.5))).toMatchObject([{ exit_reason: 'TRAILING_STOP' }]);
  });

  test('in live the venue watches the stops, and no trailing stop is written', () => {
    const { engine, book } = anEngine(params, 'LIVE');
    for (const kline of minutes(20)) engine.warm(kline);
    engine.onPositions(anUpdate([aPosition()]));
    expect(book(0, T0 + 250, 102)).toEqual([]);
    expect(book(0, T0 + 500, 98)).toEqual([]);
    expect(signalsOf(book(0, T0 + 750, 103))).toMatchObject([{ exit_reason: 'TAKE_PROFIT' }]);
  });

  test('F46 no gate stops an exit: HALTED, sentiment and cooldown change nothing', () => {
    const { engine, book } = anEngine(params);
    engine.onTradingState('HALTED');
    engine.onSentiment('global', { score: 1, count: 1, source: 'x', updated_ts: T0 });
    engine.onPositions(anUpdate([aPosition()]));
    expect(signalsOf(book(0, T0 + 250, 98))).toMatchObject([{ exit_reason: 'STOP_LOSS' }]);
  });

  test('a failed exit is requested again at growing intervals, also after the price has recovered', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition()]));
    book(0, T0 + 250, 98);
    const ids: [number, string][] = [];
    const reasons: string[] = [];
    for (let ts = T0 + 500; ts <= T0 + 60_000; ts += 250) {
      for (const { signal_id, reason } of signalsOf(book(0, ts, 100))) {
        ids.push([ts - T0 - 250, signal_id]);
        reasons.push(reason);
      }
    }
    expect(reasons.map((reason) => /, asked for .*$/.exec(reason)?.[0])).toEqual([
      ', asked for twice.',
      ', asked for 3 times.',
      ', asked for 4 times.',
    ]);
    expect(ids).toEqual([
      [5_000, 'entry-1-STOP_LOSS-2'],
      [15_000, 'entry-1-STOP_LOSS-3'],
      [35_000, 'entry-1-STOP_LOSS-4'],
    ]);
  });

  test('a resting exit is awaited, and only an exit that cannot rest replaces it', () => {
    const { engine, book } = anEngine(defaultSettings({ simulation: { mode: 'HF_LIMIT' } }));
    engine.onPositions(anUpdate([aPosition()]));
    expect(signalsOf(book(0, T0 + 250, 103))).toMatchObject([{ exit_reason: 'TAKE_PROFIT' }]);
    engine.onPositions(anUpdate([aPosition()], { orders: [anOrder({ purpose: 'EXIT' })] }));
    expect(signalsOf(book(0, T0 + 20_000, 103))).toEqual([]);
    expect(signalsOf(book(0, T0 + 20_250, 98))).toMatchObject([{ exit_reason: 'STOP_LOSS' }]);
    expect(signalsOf(book(0, T0 + 20_500, 98))).toEqual([]);
  });

  test('positions of another run are ignored', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition({ run: 'another' })]));
    expect(engine.isFlat()).toBe(true);
    expect(signalsOf(book(0, T0 + 250, 90))).toEqual([]);
  });
});

describe('the end of a session', () => {
  test('closes positions at the last known price, ends shadows, drops market data, keeps the cooldown', () => {
    const { engine, book } = anEngine(params);
    const [entry] = signalsOf(persist(book, -0.8, T0 + 250));
    const position = aPosition({ signal_id: entry?.signal_id ?? '', entry_ts: T0 + 750 });
    engine.onPositions(anUpdate([position]));
    const outputs = engine.onMarket(sessionEnd(T0 + 61_000), T0 + 61_000);
    expect(signalsOf(outputs)).toMatchObject([
      { signal_id: `${entry?.signal_id}-SESSION_END`, exit_reason: 'SESSION_END', entry_price: 100 },
    ]);
    expect(signalsOf(outputs)[0]?.quote).toBeUndefined();
    expect(followUpsOf(outputs)[0]?.follow_up.exit_reason).toBe('SESSION_END');
    engine.onPositions(anUpdate([]));
    const [refusal] = refusalsOf(book(-0.8, T0 + 62_000));
    expect(refusal?.refused_by).toBe('BOOK_HISTORY');
    expect(refusal?.gates?.find(({ gate }) => gate === 'COOLDOWN')).toMatchObject({ outcome: 'REFUSED', value: 61.25 });
  });

  test('closes at the best price of a book that is still fresh, not at the last trade', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition()]));
    book(0, T0 + 250, 100.5);
    engine.onMarket(aTrade({ ts_event: T0 + 300, price: '100.9' }), T0 + 300);
    const [exit] = signalsOf(engine.onMarket(sessionEnd(T0 + 500), T0 + 500));
    expect(exit).toMatchObject({ entry_price: 100.5, quote: { bid: 100.5, ask: 100.6 } });
    expect(exit?.reason).toContain('(book, 250 ms old)');
  });

  test('closes at the last trade if the book broke before', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition()]));
    book(0, T0 + 250, 100.5);
    engine.onMarket(aTrade({ ts_event: T0 + 300, price: '100.9' }), T0 + 300);
    engine.onMarket({ ...sessionEnd(T0 + 400), kind: 'BOOK_INVALID', reason: 'depth gap' }, T0 + 400);
    const [exit] = signalsOf(engine.onMarket(sessionEnd(T0 + 500), T0 + 500));
    expect(exit).toMatchObject({ entry_price: 100.9 });
    expect(exit?.quote).toBeUndefined();
  });

  test('closes at the book if it is younger than the last trade, also a broken or an old one', () => {
    for (const endMs of [500, 9_000]) {
      const { engine, book } = anEngine(params);
      engine.onPositions(anUpdate([aPosition()]));
      engine.onMarket(aTrade({ ts_event: T0 + 240, price: '100.9' }), T0 + 240);
      book(0, T0 + 250, 100.5);
      engine.onMarket({ ...sessionEnd(T0 + 400), kind: 'BOOK_INVALID', reason: 'depth gap' }, T0 + 400);
      const [exit] = signalsOf(engine.onMarket(sessionEnd(T0 + endMs), T0 + endMs));
      expect(exit).toMatchObject({ exit_reason: 'SESSION_END', entry_price: 100.5 });
      expect(exit?.reason).toContain('last book');
    }
  });

  test('also closes the position of a pending entry when it appears, at the last known price', () => {
    const { engine, book } = anEngine(params);
    const [entry] = signalsOf(persist(book, -0.8, T0 + 250));
    engine.onMarket(sessionEnd(T0 + 61_000), T0 + 61_000);
    const position = aPosition({ signal_id: entry?.signal_id ?? '', entry_ts: T0 + 750, entry_price: 100.1 });
    engine.onPositions(anUpdate([position]));
    expect(signalsOf(engine.onTimer(T0 + 61_000))).toMatchObject([{ exit_reason: 'SESSION_END', entry_price: 100 }]);
    expect(signalsOf(engine.onTimer(T0 + 62_000))).toEqual([]);
  });

  test('ends with the next book: later positions stay open, and old prices are dropped', () => {
    const { engine, book } = anEngine(params);
    engine.onMarket(aTrade({ ts_event: T0 + 100, price: '90' }), T0 + 100);
    engine.onMarket(sessionEnd(T0 + 200), T0 + 200);
    book(0, T0 + 300);
    engine.onPositions(anUpdate([aPosition()]));
    expect(engine.onTimer(T0 + 400)).toEqual([]);
    expect(engine.onTimer(T0 + 5_000)).toEqual([]);
  });

  test('a broken book stops only entries', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition()]));
    const gap: MarketBreak = { ...sessionEnd(T0 + 300), kind: 'BOOK_INVALID', reason: 'depth gap' };
    expect(engine.onMarket(gap, T0 + 300)).toEqual([]);
    expect(signalsOf(book(0, T0 + 500, 98))).toMatchObject([{ exit_reason: 'STOP_LOSS' }]);
  });
});

describe('flattening', () => {
  test('closes every position, cancels entry orders, and closes later positions', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition()]));
    engine.onPositions(anUpdate([], { symbol: 'ETHUSDT', orders: [anOrder({ symbol: 'ETHUSDT', signal_id: 'eth' })] }));
    engine.onTradingState('REDUCING');
    const exits = signalsOf(engine.flatten(T0 + 100));
    expect(exits.map(({ signal_id }) => signal_id)).toEqual(['entry-1-OPERATOR', 'eth-OPERATOR']);
    expect(engine.isFlat()).toBe(false);
    engine.onPositions(anUpdate([]));
    engine.onPositions(anUpdate([aPosition({ symbol: 'ETHUSDT', signal_id: 'eth-2' })], { symbol: 'ETHUSDT' }));
    expect(signalsOf(book(0, T0 + 1_200))).toMatchObject([{ symbol: 'ETHUSDT', exit_reason: 'OPERATOR' }]);
    engine.onPositions(anUpdate([], { symbol: 'ETHUSDT' }));
    expect(engine.isFlat()).toBe(true);
  });

  test('is not complete while an entry has no answer', () => {
    const { engine, book } = anEngine(params);
    persist(book, -0.8, T0 + 250);
    engine.flatten(T0 + 800);
    expect(engine.isFlat()).toBe(false);
  });
});
