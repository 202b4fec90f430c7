import { expect, test } from 'vitest';
import { scanRecordingHead } from '../src/recording-head.ts';
import { gzipFileOf, tradeLine, useRecordingFolder } from './recording-files.ts';

useRecordingFolder();

const T = 1_721_347_022_000;
const LINES = 12_000;

test('lines of known symbols are skipped, but no late symbol and not the last time', async () => {
  const lines = Array.from({ length: LINES }, (_, i) => tradeLine('BTCUSDT', T + i, i, '60000.10'));
  lines[8_000] = tradeLine('ETHUSDT', T + 8_000, 1, '3000.5');
  const head = await scanRecordingHead(gzipFileOf('long.gz', lines), 'usdm');
  expect(head).toMatchObject({ firstTs: T, lastTs: T + LINES - 1 });
  expect(head.instruments.map(({ symbol }) => symbol)).toEqual(['BTCUSDT', 'ETHUSDT']);
});

test('a damaged time near the end is not the last time', async () => {
  const lines = Array.from({ length: LINES }, (_, i) => tradeLine('BTCUSDT', T + i, i));
  const wild = (lines.at(-5) ?? '').replace(/"E":\d+,"T":\d+/, `"E":${T + 3_600_000},"T":${T + 3_600_000}`);
  const head = await scanRecordingHead(gzipFileOf('wild.gz', lines.with(-5, wild)), 'usdm');
  expect(head.lastTs).toBe(T + LINES - 1);
});
