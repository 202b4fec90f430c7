import { Channels } from '@helios/shared/contracts/catalog.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { afterEach, expect, test } from 'vitest';
import { aPosition, bookOf, closeEngineHarnesses, lockStep, openEngineHarness, RUN } from './engine-harness.ts';

afterEach(closeEngineHarnesses);

const ack = (seq: number, signals: string[] = []) => ({ service: 'signal-engine', seq, signals, resting_orders: 0 });

test('every frame is acknowledged, with the ids of its signals', async () => {
  const harness = await openEngineHarness({ mode: lockStep });
  await harness.book(bookOf(0, T0, { seq: 1 }));
  await harness.book(bookOf(-0.8, T0 + 100, { seq: 2 }));
  const [signal] = harness.signals;
  expect(signal).toMatchObject({ seq: 2, direction: 'LONG' });
  expect(harness.acks).toEqual([ack(1), ack(2, [signal?.signal_id ?? ''])]);
});

test('the acknowledgement comes after the signal', async () => {
  const harness = await openEngineHarness({ mode: lockStep });
  const order: string[] = [];
  const ingestor = harness.fake.bus('data-ingestor');
  await harness.fake.bus('decision-logger').subscribe(Channels.tradingSignals, () => void order.push('signal'));
  await ingestor.subscribe(Channels.replayAcks, () => void order.push('ack'));
  await harness.book(bookOf(-0.8, T0, { seq: 1 }));
  expect(order).toEqual(['signal', 'ack']);
});

test('a repeated frame is acknowledged again, with its signals, and decides nothing', async () => {
  const harness = await openEngineHarness({ mode: lockStep });
  const frame = bookOf(-0.8, T0, { seq: 5 });
  await harness.book(frame);
  await harness.book(frame);
  await harness.book(bookOf(-0.8, T0, { seq: 4 }));
  expect(harness.signals).toHaveLength(1);
  const id = harness.signals[0]?.signal_id ?? '';
  expect(harness.acks).toEqual([ack(5, [id]), ack(5, [id]), ack(4)]);
});

test('frames of one message are processed up to the first with a signal, and the rest after that is settled', async () => {
  const harness = await openEngineHarness({ mode: lockStep });
  const quiet = (seq: number) => [bookOf(0, T0 + seq, { seq })];
  const rest = [quiet(4), quiet(5)];
  // The trigger is in the middle of its frame: the whole frame is processed.
  const frames = [quiet(1), [bookOf(-0.8, T0 + 2, { seq: 2 }), bookOf(0, T0 + 3, { seq: 3 })], ...rest];
  await harness.frames(frames);
  const id = harness.signals[0]?.signal_id ?? '';
  expect(harness.acks).toEqual([ack(3, [id])]);
  // Repeated because decision-logger was slow: nothing after the signal is processed.
  await harness.frames(frames);
  expect(harness.acks.slice(1)).toEqual([ack(3, [id])]);
  await harness.frames(rest);
  expect(harness.acks.slice(2)).toEqual([ack(5)]);
  expect(harness.signals).toHaveLength(1);
});

test('of frames repeated in other groups only the new ones are processed', async () => {
  const harness = await openEngineHarness({ mode: lockStep });
  const quiet = (seq: number) => [bookOf(0, T0 + seq, { seq })];
  await harness.frames([quiet(1), quiet(2)]);
  await harness.frames([quiet(2), [bookOf(-0.8, T0 + 3, { seq: 3 })]]);
  const id = harness.signals[0]?.signal_id ?? '';
  expect(harness.acks).toEqual([ack(2), ack(3, [id])]);
});

test('only frames move time: a TIME_EXIT names the frame of another symbol', async () => {
  const harness = await openEngineHarness({ mode: lockStep, watchlist: ['BTCUSDT', 'ETHUSDT'] });
  await harness.positions([aPosition()]);
  await harness.book(bookOf(0, T0 + 1_800_000, { symbol: 'ETHUSDT', seq: 1 }));
  expect(harness.signals).toMatchObject([{ symbol: 'BTCUSDT', exit_reason: 'TIME_EXIT', seq: 1 }]);
  expect(harness.acks).toEqual([ack(1, ['entry-1-TIME_EXIT'])]);
});

test('the end of the session closes open positions', async () => {
  const harness = await openEngineHarness({ mode: lockStep });
  await harness.positions([aPosition()]);
  await harness.book(bookOf(0, T0 + 100, { seq: 1 }));
  const end = {
    type: 'break',
    symbol: 'BTCUSDT',
    ts_event: T0 + 200,
    ts_init: T0,
    seq: 2,
    kind: 'SESSION_END',
    reason: 'recording ended',
  } as const;
  await harness.frames([[end]]);
  expect(harness.signals).toMatchObject([{ exit_reason: 'SESSION_END', seq: 2, run: RUN }]);
  expect(harness.acks.at(-1)).toEqual(ack(2, ['entry-1-SESSION_END']));
});
