import type { Kline } from '@helios/shared/domain/market-data.ts';
import { aKline, shippedSettings, T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { anEngine, anUpdate, aPosition, refusalsOf, signalsOf } from '../../test/strategy-harness.ts';

const params = shippedSettings({ signals: { max_entry_spread_bp: 1_000 } });

/** A day of moves of ten basis points a minute, then an hour that falls by `sigmas` standard deviations; it ends at 100. */
function fallBefore(now: number, sigmas: number): Kline[] {
  const sigma = 0.001;
  const logs = Array.from({ length: 1_500 }, (_, n) => {
    const drift = n < 1_440 ? 0 : (sigmas * sigma * Math.sqrt(60)) / 60;
    return (n % 2 === 0 ? sigma : -sigma) - drift;
  });
  let close = 100 * Math.exp(-logs.reduce((sum, log) => sum + log, 0));
  return logs.map((log, n) => {
    const open = close;
    close *= Math.exp(log);
    const open_ts = now - (1_500 - n) * 60_000;
    const [high, low] = [Math.max(open, close), Math.min(open, close)].map((price) => price.toFixed(6));
    const times = { open_ts, close_ts: open_ts + 59_999, ts_event: open_ts + 60_000 };
    return aKline({ ...times, open: open.toFixed(6), high, low, close: close.toFixed(6) });
  });
}

function after(sigmas: number) {
  const { engine, book } = anEngine(params);
  for (const kline of fallBefore(T0, sigmas)) engine.warm(kline);
  const outputs = Array.from({ length: 5 }, (_, n) => book(-0.8, T0 + 500 * n)).flat();
  return { engine, book, outputs };
}

test('the shipped strategy buys after a fall of four standard deviations, and only then', () => {
  expect(signalsOf(after(5).outputs)).toHaveLength(1);
  expect(signalsOf(after(3).outputs)).toHaveLength(0);
  expect(signalsOf(after(-5).outputs)).toHaveLength(0);
});

test('it enters after no fall that it knows only from klines of some time ago', () => {
  const { engine, book } = anEngine(params);
  for (const kline of fallBefore(T0, 5)) engine.warm(kline);
  const at = (ts: number) => Array.from({ length: 5 }, (_, n) => book(-0.8, ts + 500 * n)).flat();
  for (let ts = T0; ts < T0 + 1_800_000; ts += 1_000) book(0, ts);
  const outputs = at(T0 + 1_800_000);
  expect(signalsOf(outputs)).toEqual([]);
  const refused = refusalsOf(outputs).find(({ refused_by }) => refused_by === 'REASON');
  expect(refused?.reason).toContain('EXHAUSTION: the newest 1m kline closed 30 min ago');
});

test('it says why, how long, and aims at three times the costs or more', () => {
  const [signal] = signalsOf(after(5).outputs);
  expect(signal).toMatchObject({ direction: 'LONG', entry_reason: 'EXHAUSTION', horizon_min: 30 });
  expect(signal?.reason).toContain('EXHAUSTION');
  const {
    entry_price: price = Number.NaN,
    take_profit: target = Number.NaN,
    stop_loss: stop = Number.NaN,
  } = signal ?? {};
  const fees = 10_000 * 2 * (params.fees.taker_fee + params.fees.slippage_bp / 10_000);
  expect((10_000 * (target - price)) / price).toBeGreaterThanOrEqual(3 * fees);
  expect((price - stop) / (target - price)).toBeCloseTo(2, 0);
  // The hour falls by 5 σ √60 while each minute also moves ±σ: the mean square is σ² + (5 σ √60 / 60)².
  const hourSigma = Math.hypot(0.001, (5 * 0.001) / Math.sqrt(60));
  const atr = hourSigma * Math.sqrt((8 / Math.PI) * 30) * price;
  // Stops round away from the price, to a tick of 0.1.
  expect(price - stop).toBeCloseTo(Math.ceil(10 * params.risk.stop_loss_atr * atr) / 10, 6);
});

test('an opposite imbalance does not close its position; the horizon does', () => {
  const { engine, book, outputs } = after(5);
  const [signal] = signalsOf(outputs);
  const { signal_id, stop_loss, take_profit, horizon_min } = signal ?? {};
  const entry = { signal_id: signal_id ?? '', entry_ts: T0, entry_price: 100.1 };
  engine.onPositions(anUpdate([aPosition({ ...entry, stop_loss, take_profit, horizon_min })]));
  const until = (minutes: number, from: number) =>
    Array.from({ length: 60 * (minutes - from) }, (_, n) => book(0.8, T0 + 60_000 * from + 1_000 * n)).flat();
  expect(signalsOf(until(30, 1))).toHaveLength(0);
  expect(signalsOf(until(31, 30))[0]).toMatchObject({ direction: 'EXIT_LONG', exit_reason: 'TIME_EXIT' });
});
