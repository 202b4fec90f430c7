import { expect, it } from 'vitest';
import { book, outcomes, params, print, quoted, RUN, signal, T0 } from '../testing/simulated-orders.ts';
import { createSimulator } from '../trading/paper-trading.ts';

const HOUR_MS = 3_600_000;
const back = T0 - HOUR_MS;

it('after the clock was set back an order fills on a current book, not on an earlier one', () => {
  const simulator = createSimulator(params('LF_LIMIT', 1), RUN);
  simulator.onSignal(signal('LONG', 100.5, quoted(100, 101)), T0);
  simulator.onMarket(print('99', T0 + 10), T0 + 10);
  simulator.onMarket(book('100', '101', T0 + 20), T0 + 20);
  simulator.onMarket(book('80', '81', back), back);
  const exit = signal('EXIT_LONG', 80, { timestamp: back + 1, ts_init: back + 1, exit_reason: 'STOP_LOSS' });
  const [closed] = simulator.onSignal(exit, back + 1);
  expect(closed?.decision).toMatchObject({ outcome: 'CLOSED', fill_price: 80 });
});

it('a resting order expires at its time, and current trades fill it', () => {
  const missed = createSimulator(params('HF_LIMIT', 1), RUN);
  const entry = signal('LONG', 100.5, quoted(100, 101));
  missed.onSignal(entry, T0);
  missed.onTimer(T0 + 10_000);
  missed.onTimer(back);
  expect(missed.onTimer(back + 19_999)).toEqual([]);
  expect(outcomes(missed.onTimer(back + 20_000))).toEqual([`${entry.signal_id}:MISSED*`]);

  const filled = createSimulator(params('HF_LIMIT', 1), RUN);
  filled.onSignal(entry, T0);
  expect(outcomes(filled.onMarket(print('99', back), back))).toEqual([]);
  expect(outcomes(filled.onMarket(print('99', back + 1), back + 1))).toEqual([`${entry.signal_id}:OPENED*`]);
});

it('a current book replaces a restored one', () => {
  const books = [book('100', '101', T0)];
  const simulator = createSimulator(params('HF_MARKET', 1), RUN, { positions: [], resting: [], books });
  simulator.onMarket(book('80', '81', back), back);
  expect(simulator.books()).toMatchObject([{ bids: [['80', expect.any(String)]] }]);
});

it('an order restored after the clock was set back rests for its own time, not for the jump', () => {
  const before = createSimulator(params('HF_LIMIT', 1), RUN);
  const entry = signal('LONG', 100.5, quoted(100, 101));
  before.onSignal(entry, T0);
  const resting = before.restingOf('BTCUSDT');
  const restored = createSimulator(params('HF_LIMIT', 1), RUN, { positions: [], resting });
  // A frame clock before its first frame: no time at all.
  expect(restored.onTimer(0)).toEqual([]);
  expect(restored.onTimer(back)).toEqual([]);
  expect(restored.restingOf('BTCUSDT')).toMatchObject([{ order: { placed_ts: back, expires_ts: back + 30_000 } }]);
  expect(outcomes(restored.onTimer(back + 30_000))).toEqual([`${entry.signal_id}:MISSED*`]);

  const inOrder = createSimulator(params('HF_LIMIT', 1), RUN, { positions: [], resting });
  inOrder.onTimer(T0 - 1_000);
  expect(inOrder.restingOf('BTCUSDT')).toEqual(resting);
});
