import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, onTestFinished, test } from 'vitest';
import { createLiveHarness, freshBooks, SYMBOLS, startFollowing } from './live-harness.ts';

test('F27, F28, F32 a missing update, a cut connection and a crossed book each end the book and are repaired', async () => {
  const { harness, service } = await startFollowing();
  await freshBooks(harness);
  const faults = [
    { fault: 'stream-gap', symbol: 'BTCUSDT' },
    { fault: 'stream-cut' },
    { fault: 'stream-crossed', symbol: 'BTCUSDT' },
  ] as const;
  for (const fault of faults) {
    const breaks = harness.of('break', 'BTCUSDT').length;
    await harness.venue.setFaults([fault]);
    await eventually(`the break of ${fault.fault}`, () => harness.of('break', 'BTCUSDT').length > breaks, 30_000);
    await harness.venue.setFaults([]);
    await freshBooks(harness);
  }
  expect(harness.of('break').every(({ kind }) => kind === 'BOOK_INVALID')).toBe(true);
  expect(service.faults).toEqual([]);
}, 120_000);

test('F27 each of five gaps in a row is repaired by one snapshot', async () => {
  const { harness, service } = await startFollowing();
  await freshBooks(harness);
  const snapshots = () => harness.venue.requests().paths['/fapi/v1/depth']?.requests ?? 0;
  const before = snapshots();
  const books = () => harness.of('book', 'BTCUSDT');
  for (let gap = 0; gap < 5; gap += 1) {
    const breaks = harness.of('break', 'BTCUSDT').length;
    await harness.venue.setFaults([{ fault: 'stream-gap', symbol: 'BTCUSDT' }]);
    await eventually('the break', () => harness.of('break', 'BTCUSDT').length > breaks, 30_000);
    const count = books().length;
    await eventually('a book after the gap', () => books().length > count, 5_000);
  }
  expect(harness.of('break', 'BTCUSDT').map(({ reason }) => reason)).toEqual(Array(5).fill('depth gap'));
  expect(snapshots() - before).toBe(5);
  expect(service.faults).toEqual([]);
}, 60_000);

test('duplicate updates change nothing', async () => {
  const { harness, service } = await startFollowing();
  await freshBooks(harness);
  await harness.venue.setFaults([{ fault: 'stream-duplicate' }]);
  for (let round = 0; round < 5; round += 1) await freshBooks(harness);
  const ids = harness.of('book', 'BTCUSDT').map(({ last_update_id }) => last_update_id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(harness.of('break')).toEqual([]);
  expect(service.faults).toEqual([]);
}, 60_000);

test('half-open connections are given up and opened again', async () => {
  const { harness, service } = await startFollowing();
  await freshBooks(harness);
  await harness.venue.setFaults([{ fault: 'stream-mute', pong: false }]);
  const isLost = () => service.lines.some(({ fields }) => (fields as { code?: string }).code === 'SILENT');
  await eventually('the connection is given up', isLost, 60_000);
  await harness.venue.setFaults([]);
  await freshBooks(harness);
  expect(harness.of('break', 'BTCUSDT').map(({ kind }) => kind)).toEqual(['BOOK_INVALID']);
  expect(service.faults).toEqual([]);
}, 120_000);

test('garbage is skipped and logged once, and books continue', async () => {
  const { harness, service } = await startFollowing();
  await freshBooks(harness);
  await harness.venue.setFaults([{ fault: 'stream-garbage', times: 20 }]);
  const isTold = () => service.lines.some(({ message }) => message.includes('cannot be read'));
  await eventually('a word about the garbage', isTold, 30_000);
  await harness.venue.setFaults([]);
  await freshBooks(harness);
  expect(service.lines.filter(({ message }) => message.includes('cannot be read')).length).toBeLessThanOrEqual(3);
  expect(service.faults).toEqual([]);
}, 60_000);

test('an absent venue is logged and tried again; the page has the symbols meanwhile', async () => {
  const harness = await createLiveHarness();
  await harness.venue.setFaults([{ fault: 'refuse' }]);
  const service = await harness.start();
  onTestFinished(async () => {
    await service.stop();
    await harness.venue.stop();
  });
  await eventually('the list', async () => (await harness.watchlist()).length === SYMBOLS.length);
  expect(
    service.lines.some(({ level, message }) => level === 'warn' && message.includes('the venue does not answer')),
  ).toBe(true);
  await harness.venue.setFaults([]);
  await freshBooks(harness);
  expect(service.faults).toEqual([]);
}, 60_000);

test('a symbol without changes for a minute has no session; the others continue, and it returns with its klines', async () => {
  const { harness, service } = await startFollowing();
  await freshBooks(harness);
  await harness.venue.setFaults([{ fault: 'freeze', symbol: 'ETHUSDT' }]);
  const quiet = harness.of('book', 'ETHUSDT').length;
  await freshBooks(harness, ['BTCUSDT']);
  harness.ahead.ms = 61_000;
  await eventually('the end', () => harness.of('break', 'ETHUSDT').some(({ kind }) => kind === 'SESSION_END'), 30_000);
  expect(harness.of('book', 'ETHUSDT').length - quiet).toBeLessThanOrEqual(1);
  const isMeasured = () => service.lines.some(({ message }) => message.includes('our clock and the venue’s differ'));
  await eventually('the difference of the clocks is known', isMeasured, 30_000);
  await freshBooks(harness, ['BTCUSDT']);
  // The clock is corrected: by the earlier measurement, everything now comes from the future.
  harness.ahead.ms = 0;
  await harness.venue.setFaults([]);
  await freshBooks(harness);
  expect(service.faults).toEqual([]);
}, 60_000);
