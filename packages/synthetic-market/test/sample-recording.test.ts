import { describe, expect, test } from 'vitest';
import { fileOf, useRecordingFolder } from '../../market-data/test/recording-files.ts';
import { sampleRecording } from '../src/sample-recording.ts';

useRecordingFolder();

const T = 1_721_749_183_000;

type Side = [string, string][];
const line = (atMs: number, json: unknown): string => `${atMs * 1_000} ${JSON.stringify(json)}`;
function update(s: string, atMs: number, u: number, sides: { b: Side; a: Side }, extra: object = { pu: u - 1 }) {
  const data = { e: 'depthUpdate', E: atMs, T: atMs, s, U: u, u, ...extra, ...sides };
  return line(atMs, { stream: `${s.toLowerCase()}@depth@100ms`, data });
}
const snapshot = (atMs: number, bid: string, ask: string) =>
  line(atMs, { lastUpdateId: 10, E: atMs, T: atMs, bids: [[bid, '5']], asks: [[ask, '7']] });
const none = { b: [], a: [] };
const read = (name: string, lines: readonly string[], market: 'usdm' | 'spot' = 'usdm') =>
  sampleRecording([fileOf(name, lines.join('\n'))], market, () => {});

describe('the figures of a recording', () => {
  test('never use an unnamed snapshot for the book of another symbol', async () => {
    const sampler = await read('two.dat', [
      update('BTCUSDT', T, 9, none),
      update('ETHUSDT', T + 10, 9, none),
      snapshot(T + 20, '64000.0', '64000.1'),
      ...[11, 12, 13].flatMap((u) => [
        update('BTCUSDT', T + u * 100, u, none),
        update('ETHUSDT', T + u * 100, u, { b: [['3400.0', '1']], a: [['3400.1', '1']] }),
      ]),
    ]);
    const mids = [...sampler.results()].map(([symbol, { mids }]) => [symbol, mids]);
    expect(mids).toEqual([
      ['BTCUSDT', []],
      ['ETHUSDT', []],
    ]);
    expect(sampler.faults).toBe(1);
  });

  test('use the unnamed snapshot of a file’s only symbol', async () => {
    const updates = [11, 12, 13].map((u) => update('BTCUSDT', T + u * 100, u, none));
    const sampler = await read('one.dat', [snapshot(T, '64000.0', '64000.1'), ...updates]);
    expect(sampler.results().get('BTCUSDT')?.mids).toEqual([64_000.05]);
  });

  test('are those of spot with --market spot, and refused with a message without it', async () => {
    const lines = [
      snapshot(T, '1.20', '1.22'),
      ...[11, 12, 13].map((u) => update('NEXOUSDT', T + u * 100, u, none, {})),
    ];
    const sampler = await read('spot.dat', lines, 'spot');
    expect(sampler.results().get('NEXOUSDT')?.mids).toEqual([1.21]);
    await expect(read('spot.dat', lines)).rejects.toThrow('add --market spot');
  });

  test('of COIN-M are refused, because its quantities are contracts', async () => {
    const lines = [snapshot(T, '64000.0', '64000.1'), update('BTCUSD_PERP', T + 100, 11, none)];
    await expect(read('coin.dat', lines)).rejects.toThrow('BTCUSD_PERP is a COIN-M contract');
  });
});
