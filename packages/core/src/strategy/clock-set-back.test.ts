import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import {
  aDenial,
  anEngine,
  anUpdate,
  aPosition,
  followUpsOf,
  persist,
  refusalsOf,
  signalsOf,
} from '../../test/strategy-harness.ts';
import type { EngineOutput } from './engine-output.ts';

const HOUR_MS = 3_600_000;
const params = defaultSettings();
const COOLDOWN_MS = params.signals.cooldown_sec * 1_000;
const HISTORY_MS = params.signals.min_book_history_sec * 1_000;
const HOLD_MS = params.risk.max_hold_sec * 1_000;

/** Books of one imbalance, four per second, from `fromMs` to `toMs`. */
function books(book: ReturnType<typeof anEngine>['book'], nobi: number, fromMs: number, toMs: number): EngineOutput[] {
  const outputs: EngineOutput[] = [];
  for (let ts = fromMs; ts <= toMs; ts += 250) outputs.push(...book(nobi, ts));
  return outputs;
}

describe('a clock set back by an hour', () => {
  test('refusals are recorded at once, and the next entry comes after one cooldown', () => {
    const { engine, book } = anEngine(params);
    const [entry] = signalsOf(persist(book, -0.8, T0 + 250));
    engine.onPositions(anUpdate([], { executions: [aDenial(entry?.signal_id ?? '')] }));
    books(book, 0, T0 + 1_000, T0 + 100_000);
    const back = T0 + 100_000 - HOUR_MS;

    const outputs = books(book, -0.8, back, back + 2 * COOLDOWN_MS);

    expect(entry?.timestamp).toBe(T0 + 750);
    expect(refusalsOf(outputs)[0]).toMatchObject({ timestamp: back, refused_by: 'BOOK_HISTORY' });
    const cooling = refusalsOf(outputs).find((refusal) => refusal.refused_by === 'COOLDOWN');
    expect(cooling).toMatchObject({ timestamp: back + HISTORY_MS });
    expect(cooling?.gates?.find(({ gate }) => gate === 'COOLDOWN')).toMatchObject({ value: HISTORY_MS / 1_000 });
    const [value, limit] = [HISTORY_MS / 1_000, COOLDOWN_MS / 1_000];
    expect(cooling?.reason).toContain(`COOLDOWN: ${value} s against a limit of ${limit} s`);
    expect(signalsOf(outputs)[0]).toMatchObject({ direction: 'LONG', timestamp: back + COOLDOWN_MS });
  });

  test('without an earlier entry only the book history restarts', () => {
    const { book } = anEngine(params);
    const outputs = books(book, -0.8, T0 - HOUR_MS, T0 - HOUR_MS + 2 * HISTORY_MS);
    expect(signalsOf(outputs)[0]).toMatchObject({ timestamp: T0 - HOUR_MS + HISTORY_MS });
  });

  test('samples from before the jump confirm nothing', () => {
    const { engine, book } = anEngine(defaultSettings({ signals: { min_book_history_sec: 0 } }));
    engine.onTradingState('HALTED');
    books(book, -0.8, T0 + 250, T0 + 1_000);
    engine.onTradingState('ACTIVE');
    const [refusal] = refusalsOf(book(-0.8, T0 - HOUR_MS));
    expect(refusal).toMatchObject({ refused_by: 'CONFIRMATION' });
    expect(refusal?.gates?.find(({ gate }) => gate === 'CONFIRMATION')).toMatchObject({ value: 1 });
  });

  test('a position closes at its maximum holding time, not an hour later', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition({ take_profit: 200, stop_loss: 1 })]));
    books(book, 0, T0 + 1_000, T0 + 100_000);
    const back = T0 + 100_000 - HOUR_MS;
    // The update repeats the stored stamp; the holding time does not restart.
    engine.onPositions(anUpdate([aPosition({ take_profit: 200, stop_loss: 1 })], { ts_event: back }));

    const outputs = books(book, 0, back, back + HOLD_MS);

    expect(signalsOf(outputs)[0]).toMatchObject({
      direction: 'EXIT_LONG',
      exit_reason: 'TIME_EXIT',
      timestamp: back + HOLD_MS - 100_000,
    });
  });

  test('the holding time of a position first received after the jump starts then', () => {
    const { engine, book } = anEngine(params);
    const back = T0 - HOUR_MS;
    book(0, back);
    engine.onPositions(anUpdate([aPosition({ take_profit: 200, stop_loss: 1 })], { ts_event: back }));
    const outputs = books(book, 0, back + 250, back + HOLD_MS + 1_000);
    expect(signalsOf(outputs)[0]).toMatchObject({ exit_reason: 'TIME_EXIT', timestamp: back + HOLD_MS });
  });

  test('a known price keeps its age, and proves no gain', () => {
    const { engine } = anEngine(params);
    const position = aPosition({ take_profit: 99.5, stop_loss: 1, entry_price: 99 });
    const silentMs = 90_000;
    engine.onTimer(T0 + silentMs);
    engine.onPositions(anUpdate([position], { ts_event: T0 + silentMs }));
    const back = T0 + silentMs - HOUR_MS;
    // The bid of 100 is beyond the target, but it is old.
    expect(signalsOf(engine.onTimer(back))).toEqual([]);
  });

  test('the result of a refused trigger is known after the holding time', () => {
    const { engine, book } = anEngine(params);
    engine.onTradingState('HALTED');
    const [refusal] = refusalsOf(books(book, -0.8, T0 + 250, T0 + 250));
    books(book, 0, T0 + 500, T0 + 100_250);
    const back = T0 + 100_250 - HOUR_MS;
    const ended = followUpsOf(books(book, 0, back, back + HOLD_MS));
    const own = ended.find(({ decision_id }) => decision_id === refusal?.decision_id);
    expect(own?.follow_up).toMatchObject({ exit_reason: 'TIME_EXIT', exit_ts: back + HOLD_MS - 100_000 });
  });

  test('a failed exit is requested again after its delay', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition({ stop_loss: 150, take_profit: 200 })]));
    const first = signalsOf(books(book, 0, T0 + 1_000, T0 + 1_000));
    const back = T0 + 1_000 - HOUR_MS;
    const again = signalsOf(books(book, 0, back, back + 5_000));
    expect(first).toMatchObject([{ exit_reason: 'STOP_LOSS' }]);
    expect(again).toMatchObject([{ exit_reason: 'STOP_LOSS', timestamp: back + 5_000 }]);
  });
});
