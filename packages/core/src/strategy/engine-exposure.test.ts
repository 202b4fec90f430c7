import { anOrder, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import {
  aDenial,
  anEngine,
  anUpdate,
  aPosition,
  BTC,
  persist,
  refusalsOf,
  signalsOf,
} from '../../test/strategy-harness.ts';

const ETH = 'ETHUSDT';

/** An engine that triggers on one book and allows one position. */
function anEagerEngine() {
  return anEngine(
    defaultSettings({
      signals: { min_book_history_sec: 0, confirmation_count: 1 },
      trading: { max_open_positions: 1 },
    }),
  );
}

describe('exposure on all symbols', () => {
  const refused = [{ symbol: ETH, refused_by: 'EXPOSURE' }];

  test('counts an entry signal at once', () => {
    const { book } = anEagerEngine();
    expect(signalsOf(book(-0.8, T0 + 250))).toHaveLength(1);
    expect(refusalsOf(book(-0.8, T0 + 250, 100, ETH))).toMatchObject(refused);
  });

  test('counts a resting entry order, but no exit order', () => {
    const { engine, book } = anEagerEngine();
    engine.onPositions(anUpdate([], { orders: [anOrder()] }));
    expect(refusalsOf(book(-0.8, T0 + 250, 100, ETH))).toMatchObject(refused);
    engine.onPositions(anUpdate([], { orders: [anOrder({ purpose: 'EXIT' })] }));
    expect(signalsOf(book(-0.8, T0 + 500, 100, ETH))).toHaveLength(1);
  });

  test('counts a position until it is gone', () => {
    const { engine, book } = anEagerEngine();
    engine.onPositions(anUpdate([aPosition()]));
    expect(refusalsOf(book(-0.8, T0 + 250, 100, ETH))).toMatchObject(refused);
    engine.onPositions(anUpdate([]));
    expect(signalsOf(book(-0.8, T0 + 500, 100, ETH))).toHaveLength(1);
  });

  test('ignores orders of another run', () => {
    const { engine, book } = anEagerEngine();
    engine.onPositions(anUpdate([], { orders: [anOrder({ run: 'another' })] }));
    expect(engine.isFlat()).toBe(true);
    expect(signalsOf(book(-0.8, T0 + 250))).toHaveLength(1);
  });
});

describe('an entry without an answer', () => {
  test.each(['LIVE', 'SIMULATION'] as const)('still counts under %s, however long it takes', (profile) => {
    const { engine } = anEngine(defaultSettings(), profile);
    engine.restoreUnanswered(BTC, 'x');
    for (let hour = 1; hour <= 24; hour += 1) engine.onTimer(T0 + hour * 3_600_000);
    engine.onPositions(anUpdate([], { ts_event: T0 + 86_400_000 }));
    expect(engine.pendingEntries()).toEqual(['x']);
    expect(engine.isFlat()).toBe(false);
  });

  test('ends with its denial, with or before the positions', () => {
    const { engine, book } = anEngine(defaultSettings());
    const [entry] = signalsOf(persist(book, -0.8, T0 + 250));
    const id = entry?.signal_id ?? '';
    engine.onPositions(anUpdate([], { executions: [aDenial(id, { run: 'another' }), aDenial('other')] }));
    expect(engine.pendingEntries()).toEqual([id]);
    engine.onPositions(anUpdate([], { executions: [aDenial(id)] }));
    expect(engine.isFlat()).toBe(true);
    engine.restoreUnanswered(BTC, 'x');
    engine.onExecution(aDenial('x'));
    expect(engine.isFlat()).toBe(true);
  });

  test('becomes an order or a position, and counts once', () => {
    const { engine } = anEngine(defaultSettings());
    engine.restoreUnanswered(BTC, 'x');
    engine.onPositions(anUpdate([], { orders: [anOrder({ signal_id: 'x' })] }));
    expect(engine.pendingEntries()).toEqual([]);
    expect(engine.isFlat()).toBe(false);
    engine.onPositions(anUpdate([aPosition({ signal_id: 'x' })]));
    expect(engine.isFlat()).toBe(false);
    engine.onPositions(anUpdate([]));
    expect(engine.isFlat()).toBe(true);
  });
});

test('a flatten cancels an entry order once, and a later order separately', () => {
  const { engine } = anEngine(defaultSettings());
  const ids = (ts: number) => signalsOf(engine.onTimer(ts)).map(({ signal_id }) => signal_id);
  engine.onPositions(anUpdate([], { orders: [anOrder()] }));
  engine.onTradingState('REDUCING');
  expect(signalsOf(engine.flatten(T0)).map(({ signal_id }) => signal_id)).toEqual(['entry-1-OPERATOR']);
  expect(ids(T0 + 10_000)).toEqual([]);
  engine.onPositions(anUpdate([], { orders: [anOrder(), anOrder({ order_id: 'order-2', signal_id: 'entry-2' })] }));
  expect(ids(T0 + 20_000)).toEqual(['entry-2-OPERATOR']);
});
