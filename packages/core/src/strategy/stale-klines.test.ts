import { KLINE_INTERVAL_MS, type Kline, type KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { ProfileName } from '@helios/shared/domain/profile-name.ts';
import type { GateCode, GateResult } from '@helios/shared/domain/signal.ts';
import { aKline, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { anEngine, BTC, minutes, persist, refusalsOf, signalsOf } from '../../test/strategy-harness.ts';

const params = defaultSettings({
  trend: { timeframes: ['5m', '15m'] },
  signals: { max_vwap_distance_sigma: 1_000 },
  regime: { volatility_window: 96 },
});
const MINUTE = 60_000;

/** Rising klines of an interval; the newest closes at T0. */
function klines(interval: KlineInterval, count = 400): Kline[] {
  const ms = KLINE_INTERVAL_MS[interval];
  return minutes(count).map((kline, i) => {
    const open_ts = T0 - (count - i) * ms;
    return { ...kline, interval, open_ts, close_ts: open_ts + ms - 1 };
  });
}

/** Result of each gate for a LONG that triggers at `nowMs`, with continuous books. */
function verdicts(nowMs: number, { profile = 'SIMULATION' as ProfileName, later = [] as readonly Kline[] } = {}) {
  const { engine, book } = anEngine(params, profile);
  for (const kline of klines('1m', 1_440)) engine.warm(kline);
  for (const interval of ['5m', '15m'] as const) for (const kline of klines(interval)) engine.warm(kline);
  for (let ts = T0 + 1_000; ts < nowMs - 1_000; ts += 1_000) book(0, ts);
  for (const kline of later) engine.onMarket(kline, nowMs - 1_000);
  const outputs = persist(book, -0.8, nowMs - 500, 500);
  const [entry] = [...signalsOf(outputs), ...refusalsOf(outputs).toReversed()];
  const gates = new Map<GateCode, GateResult>(entry?.gates?.map((result) => [result.gate, result]));
  return { engine, of: (code: GateCode) => gates.get(code) };
}

const NOTE_1M = 'the newest 1m kline closed 2 min ago';

describe('klines that stop while books continue', () => {
  test('count until two intervals after the newest close, and are then NOT_WARM with the reason', () => {
    const fresh = verdicts(T0 + 2 * MINUTE);
    expect(fresh.of('VOLUME')).toMatchObject({ outcome: 'PASSED', value: 1 });
    expect(fresh.of('VWAP')?.outcome).toBe('PASSED');
    const stale = verdicts(T0 + 2 * MINUTE + 250);
    expect(stale.of('VOLUME')).toEqual({ gate: 'VOLUME', outcome: 'NOT_WARM', note: NOTE_1M });
    expect(stale.of('VWAP')).toEqual({ gate: 'VWAP', outcome: 'NOT_WARM', note: NOTE_1M });
    // The longer klines are younger than two of their own intervals.
    expect(stale.of('TREND')).toMatchObject({ outcome: 'PASSED', value: 0 });
    expect(stale.of('REGIME')?.outcome).toBe('PASSED');
  });

  test('lose their vote interval by interval, and the regime becomes UNKNOWN', () => {
    const half = verdicts(T0 + 10 * MINUTE + 250);
    expect(half.of('TREND')?.outcome).toBe('PASSED');
    expect(half.of('REGIME')).toMatchObject({ outcome: 'NOT_WARM', note: 'the newest 5m kline closed 10 min ago' });
    const { regime, adx, volatility_percentile } = half.engine.regimeState(BTC, T0 + 10 * MINUTE + 250);
    expect([regime, adx, volatility_percentile]).toEqual(['UNKNOWN', undefined, undefined]);
    const none = verdicts(T0 + 30 * MINUTE + 250);
    expect(none.of('TREND')).toMatchObject({ outcome: 'NOT_WARM', note: 'the newest 5m kline closed 30 min ago' });
  });

  test('refuse in live', () => {
    expect(verdicts(T0 + 2 * MINUTE, { profile: 'LIVE' }).of('VOLUME')?.outcome).toBe('PASSED');
    expect(verdicts(T0 + 2 * MINUTE + 250, { profile: 'LIVE' }).of('VOLUME')).toEqual({
      gate: 'VOLUME',
      outcome: 'REFUSED',
      note: `not warm: ${NOTE_1M}`,
    });
  });

  test('count again with the next kline', () => {
    const nowMs = T0 + 5 * MINUTE;
    const later = [0, 1, 2, 3].map((n) => aKline({ open_ts: T0 + n * MINUTE, close_ts: T0 + (n + 1) * MINUTE - 1 }));
    expect(verdicts(nowMs).of('VOLUME')?.outcome).toBe('NOT_WARM');
    expect(verdicts(nowMs, { later }).of('VOLUME')).toMatchObject({ outcome: 'PASSED', value: 1 });
    // A late kline of the history makes nothing fresher.
    expect(verdicts(nowMs, { later: later.slice(0, 2) }).of('VOLUME')?.outcome).toBe('NOT_WARM');
  });

  test('are fresh again when a clock that ran ahead is corrected', () => {
    const { engine } = anEngine(params);
    for (const kline of klines('5m')) engine.warm(kline);
    const { regime } = engine.regimeState(BTC, T0);
    expect(regime).not.toBe('UNKNOWN');
    expect(engine.regimeState(BTC, T0 + 60 * MINUTE).regime).toBe('UNKNOWN');
    expect(engine.regimeState(BTC, T0 + MINUTE).regime).toBe(regime);
  });

  test('set no stop: the volatility of the books replaces them', () => {
    const { engine, book } = anEngine(params);
    for (const kline of klines('1m')) engine.warm(kline);
    for (let ts = T0 + 500; ts <= T0 + 3 * MINUTE; ts += 500) book(0, ts);
    const [signal] = signalsOf(persist(book, -0.8, T0 + 3 * MINUTE + 250));
    // With the klines' ATR of 0.2 it would be 99.7.
    expect(signal?.stop_loss).toBe(99.9);
  });
});
