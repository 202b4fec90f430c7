import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, onTestFinished, test } from 'vitest';
import { createLiveAround, freshBooks, SYMBOLS, startFollowing } from './live-around.ts';

test('a missing update, a cut connection and a crossed book each end the book and are made good', async () => {
  const { around, service } = await startFollowing();
  await freshBooks(around);
  const faults = [
    { fault: 'stream-gap', symbol: 'BTCUSDT' },
    { fault: 'stream-cut' },
    { fault: 'stream-crossed', symbol: 'BTCUSDT' },
  ] as const;
  for (const fault of faults) {
    const breaks = around.of('break', 'BTCUSDT').length;
    await around.venue.setFaults([fault]);
    await eventually(`the break of ${fault.fault}`, () => around.of('break', 'BTCUSDT').length > breaks, 30_000);
    await around.venue.setFaults([]);
    await freshBooks(around);
  }
  expect(around.of('break').every(({ kind }) => kind === 'BOOK_INVALID')).toBe(true);
  expect(service.faults).toEqual([]);
}, 120_000);

test('each of five gaps in a row is made good by one snapshot', async () => {
  const { around, service } = await startFollowing();
  await freshBooks(around);
  const snapshots = () => around.venue.requests().paths['/fapi/v1/depth']?.requests ?? 0;
  const before = snapshots();
  const books = () => around.of('book', 'BTCUSDT');
  for (let gap = 0; gap < 5; gap += 1) {
    const breaks = around.of('break', 'BTCUSDT').length;
    await around.venue.setFaults([{ fault: 'stream-gap', symbol: 'BTCUSDT' }]);
    await eventually('the break', () => around.of('break', 'BTCUSDT').length > breaks, 30_000);
    const count = books().length;
    await eventually('a book after the gap', () => books().length > count, 5_000);
  }
  expect(around.of('break', 'BTCUSDT').map(({ reason }) => reason)).toEqual(Array(5).fill('depth gap'));
  expect(snapshots() - before).toBe(5);
  expect(service.faults).toEqual([]);
}, 60_000);

test('updates that come twice change nothing', async () => {
  const { around, service } = await startFollowing();
  await freshBooks(around);
  await around.venue.setFaults([{ fault: 'stream-duplicate' }]);
  for (let round = 0; round < 5; round += 1) await freshBooks(around);
  const ids = around.of('book', 'BTCUSDT').map(({ last_update_id }) => last_update_id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(around.of('break')).toEqual([]);
  expect(service.faults).toEqual([]);
}, 60_000);

test('connections that are half open are given up and opened anew', async () => {
  const { around, service } = await startFollowing();
  await freshBooks(around);
  await around.venue.setFaults([{ fault: 'stream-mute', pong: false }]);
  const isLost = () => service.lines.some(({ fields }) => (fields as { code?: string }).code === 'SILENT');
  await eventually('the connection is given up', isLost, 60_000);
  await around.venue.setFaults([]);
  await freshBooks(around);
  expect(around.of('break', 'BTCUSDT').map(({ kind }) => kind)).toEqual(['BOOK_INVALID']);
  expect(service.faults).toEqual([]);
}, 120_000);

test('garbage is skipped and told once, the books go on', async () => {
  const { around, service } = await startFollowing();
  await freshBooks(around);
  await around.venue.setFaults([{ fault: 'stream-garbage', times: 20 }]);
  const isTold = () => service.lines.some(({ message }) => message.includes('cannot be read'));
  await eventually('a word about the garbage', isTold, 30_000);
  await around.venue.setFaults([]);
  await freshBooks(around);
  expect(service.lines.filter(({ message }) => message.includes('cannot be read')).length).toBeLessThanOrEqual(3);
  expect(service.faults).toEqual([]);
}, 60_000);

test('a venue that is not there is told and tried again; the page has the symbols meanwhile', async () => {
  const around = await createLiveAround();
  await around.venue.setFaults([{ fault: 'refuse' }]);
  const service = await around.start();
  onTestFinished(async () => {
    await service.stop();
    await around.venue.stop();
  });
  await eventually('the list', async () => (await around.watchlist()).length === SYMBOLS.length);
  expect(service.lines.some(({ level, message }) => level === 'warn' && message.includes('cannot be asked'))).toBe(
    true,
  );
  await around.venue.setFaults([]);
  await freshBooks(around);
  expect(service.faults).toEqual([]);
}, 60_000);

test('a symbol that stands still for a minute has no session; the others go on, and it comes back with its candles', async () => {
  const { around, service } = await startFollowing();
  await freshBooks(around);
  await around.venue.setFaults([{ fault: 'freeze', symbol: 'ETHUSDT' }]);
  const quiet = around.of('book', 'ETHUSDT').length;
  await freshBooks(around, ['BTCUSDT']);
  around.ahead.ms = 61_000;
  await eventually('the end', () => around.of('break', 'ETHUSDT').some(({ kind }) => kind === 'SESSION_END'), 30_000);
  expect(around.of('book', 'ETHUSDT').length - quiet).toBeLessThanOrEqual(1);
  const isMeasured = () => service.lines.some(({ message }) => message.includes('our clock and the venue’s differ'));
  await eventually('the difference of the clocks is known', isMeasured, 30_000);
  await freshBooks(around, ['BTCUSDT']);
  // Set right again: by what was measured a moment ago, everything now comes from the future.
  around.ahead.ms = 0;
  await around.venue.setFaults([]);
  await freshBooks(around);
  expect(service.faults).toEqual([]);
}, 60_000);
