import type { FleetMode, ReplayProgress } from '@helios/shared/domain/fleet.ts';
import { expect, test } from 'vitest';
import { createReplayWatch, createStreamWatch } from '../src/stream-watch.ts';

const generator: FleetMode = {
  mode: 'synthetic',
  network: 'none',
  run: 'synthetic:seed-1',
  session: 's1',
  reason: 'test',
  resolved_ts: 0,
  source: { kind: 'generator', seed: 1 },
};
const replay: FleetMode = {
  ...generator,
  run: 'synthetic:replay',
  source: { kind: 'replay', files: ['a'], speed: 'max', exit: false },
};

test('a watched symbol without a book is reported with its age until a book comes', () => {
  const streams = createStreamWatch(30_000, generator);
  streams.onWatchlist(['BTCUSDT', 'ETHUSDT'], 1_000);
  streams.onBook('BTCUSDT', 20_000);
  expect(streams.check(31_000, 0)).toMatchObject([{ gist: 'ETHUSDT', undecided: true }]);
  expect(streams.check(31_001, 0)).toEqual([
    {
      code: 'STREAM_STALE',
      service: 'data-ingestor',
      subject: 'streams',
      message: 'ETHUSDT has had no order book for 30 s.',
      gist: 'ETHUSDT',
      undecided: false,
    },
  ]);
  streams.onBook('ETHUSDT', 31_002);
  expect(streams.check(40_000, 0)).toEqual([]);
});

test('streams that are stale together are one condition, which names ten symbols', () => {
  const streams = createStreamWatch(30_000, generator);
  const symbols = Array.from({ length: 14 }, (_, i) => `S${String(i + 10)}USDT`);
  streams.onWatchlist(symbols, 0);
  streams.onBook('S10USDT', 20_000);
  streams.onBook('S11USDT', 0);
  const [stale, ...others] = streams.check(45_000, 0);
  expect(others).toEqual([]);
  expect(stale?.message).toBe(
    '13 of 14 watched symbols have had no order book: S11USDT for 45 s, S12USDT for 45 s, S13USDT for 45 s, S14USDT for 45 s, S15USDT for 45 s, S16USDT for 45 s, S17USDT for 45 s, S18USDT for 45 s, S19USDT for 45 s, S20USDT for 45 s and 3 more.',
  );
});

test('a symbol off the watchlist is not stale, and silence from before the return of Redis does not count', () => {
  const streams = createStreamWatch(30_000, { ...generator, mode: 'public' });
  streams.onWatchlist(['BTCUSDT', 'ETHUSDT'], 0);
  streams.onWatchlist(['ETHUSDT'], 10_000);
  expect(streams.check(90_000, 80_000)).toMatchObject([{ gist: 'ETHUSDT', undecided: true }]);
  expect(streams.check(111_000, 80_000)).toMatchObject([
    { gist: 'ETHUSDT', service: 'public-price-ingestor', undecided: false },
  ]);
});

test('in a recording a symbol is expected from its first book to the end of its session', () => {
  const streams = createStreamWatch(30_000, replay);
  streams.onWatchlist(['BTCUSDT', 'ETHUSDT'], 0);
  streams.onBook('BTCUSDT', 1_000);
  expect(streams.check(60_000, 0)).toMatchObject([{ gist: 'BTCUSDT' }]);
  streams.onSessionEnd('BTCUSDT');
  expect(streams.check(90_000, 0)).toEqual([]);
});

const progress = (seq: number, more: Partial<ReplayProgress> = {}): ReplayProgress => ({
  session: 's1',
  seq,
  lines: seq,
  bad_lines: 0,
  tops_compared: 0,
  tops_different: 0,
  gaps: 0,
  ts_event: seq,
  done: false,
  ...more,
});

test('a lock-step replay without progress is reported; one that is done or slow on purpose is not', () => {
  const check = createReplayWatch(30_000, replay);
  // The replay may have stood still long before the watch began.
  expect(check(progress(5), 0, 0)).toMatchObject({ undecided: true });
  expect(check(progress(5), 30_000, 0)).toMatchObject({ undecided: true });
  expect(check(progress(5), 30_001, 0)).toMatchObject({ code: 'REPLAY_STALLED', undecided: false });
  expect(check(progress(6), 40_000, 0)).toBeUndefined();
  expect(check(progress(6), 70_000, 0)).toBeUndefined();
  // A replay makes no progress while Redis is away.
  expect(check(progress(6), 90_000, 80_000)).toMatchObject({ undecided: true });
  expect(check(progress(6), 110_001, 80_000)).toMatchObject({ undecided: false });
  expect(check(progress(6, { done: true }), 150_000, 80_000)).toBeUndefined();
  const paced: FleetMode = { ...replay, source: { kind: 'replay', files: ['a'], speed: 1, exit: false } };
  const slow = createReplayWatch(30_000, paced);
  slow(progress(5), 0, 0);
  expect(slow(progress(5), 90_000, 0)).toBeUndefined();
});
