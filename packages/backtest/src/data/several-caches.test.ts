import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCacheFile } from '@helios/market-data/cache/cache-reader.ts';
import { playCaches } from '@helios/market-data/cache/play-caches.ts';
import { importData } from '@helios/market-data/import/import-data.ts';
import type { MarketBreak, MarketEvent } from '@helios/shared/domain/market-data.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { writeGeneratedRecording } from '@helios/synthetic-market/write-recording.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBacktestOptions } from '../backtest-options.ts';
import { runBacktest } from '../run-backtest.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-caches-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const T0 = Date.UTC(2024, 0, 1);
const SECONDS = 150;

/** Imports recordings into `NAME.helios`, and returns its path. */
async function imported(name: string, recordings: readonly string[]): Promise<string> {
  const out = join(folder, `${name}.helios`);
  const files = recordings.map((recording) => join(folder, recording));
  await importData({ files, market: 'usdm', out, stop: new AbortController().signal });
  return out;
}

const optionsOf = (data: readonly string[], ...more: string[]) =>
  readBacktestOptions(readCommandLine('backtest', ['--data', ...data, '--set', 'reasons.enabled=IMBALANCE', ...more]), {
    cwd: folder,
    root: settingsFolder(),
    env: {},
    nowMs: 0,
  });

/** The result as text, without the names of the files. */
async function resultOf(data: readonly string[], ...more: string[]): Promise<string> {
  const result = await runBacktest(optionsOf(data, ...more));
  expect(result.decisions.length + result.refusals.length).toBeGreaterThan(0);
  return JSON.stringify({ ...result, files: [], mids: [...result.mids], prices: [...result.prices] });
}

async function eventsOf(caches: readonly string[]): Promise<MarketEvent[]> {
  const events: MarketEvent[] = [];
  const onFrame = (frame: readonly MarketEvent[]) => events.push(...frame) > 0;
  await playCaches(await Promise.all(caches.map(openCacheFile)), { onFrame, toTs: Number.POSITIVE_INFINITY });
  return JSON.parse(JSON.stringify(events));
}

const breaks = (events: readonly MarketEvent[]) =>
  events
    .filter((event): event is MarketBreak => event.type === 'break')
    .map(({ ts_event, reason }) => [ts_event, reason]);

beforeAll(async () => {
  const write = (name: string, symbol: string, startMs: number) =>
    writeGeneratedRecording({ file: join(folder, name), seed: 5, symbols: [symbol], seconds: SECONDS, startMs });
  await write('btc.gz', 'BTCUSDT', T0);
  await write('eth.gz', 'ETHUSDT', T0 + 40_000);
  await write('btc-later.gz', 'BTCUSDT', T0 + 600_000);
  await write('eth-later.gz', 'ETHUSDT', T0 + 600_000);
  await write('btc-soon.gz', 'BTCUSDT', T0 + SECONDS * 1_000 + 20_000);
  for (const name of ['btc', 'eth', 'btc-later', 'btc-soon']) await imported(name, [`${name}.gz`]);
}, 60_000);

const cache = (name: string): string => join(folder, `${name}.helios`);

describe('several caches give the result of one import of all their sources', () => {
  test.each([
    ['beside each other, for different symbols', ['btc', 'eth']],
    ['one after another, for the same symbol', ['btc', 'btc-later']],
    ['both', ['btc', 'eth', 'btc-later']],
  ])('%s', async (_, names) => {
    const all = await imported(
      names.join('+'),
      names.map((name) => `${name}.gz`),
    );
    expect(await resultOf(names.map(cache))).toBe(await resultOf([all]));
    const [from, to] = [T0 + 60_000, T0 + 100_000].map((ts) => new Date(ts).toISOString());
    const window = [`--from=${from}`, `--to=${to}`];
    expect(await resultOf(names.map(cache), ...window)).toBe(await resultOf([all], ...window));
  });

  test('in any order of their names', async () => {
    const events = await eventsOf(['btc', 'btc-later'].map(cache));
    expect(await eventsOf(['btc-later', 'btc'].map(cache))).toEqual(events);
  });
});

describe('between two caches of a symbol', () => {
  test('the session ends after a minute without data', async () => {
    const events = await eventsOf(['btc', 'btc-later'].map(cache));
    const [first, last] = breaks(events);
    const { lastTs } = (await openCacheFile(cache('btc'))).content;
    expect(first).toEqual([lastTs + 60_000, '60 s without data']);
    expect(last).toEqual([expect.any(Number), 'recording ended']);
    expect(breaks(events)).toHaveLength(2);
  });

  test('the session goes on if less is missing', async () => {
    const events = await eventsOf(['btc', 'btc-soon'].map(cache));
    const [alone, soon] = [await eventsOf([cache('btc')]), await eventsOf([cache('btc-soon')])];
    expect(events).toEqual([...alone.slice(0, -1), ...soon]);
    expect(breaks(events)).toHaveLength(1);
  });
});

describe('is refused before anything is played', () => {
  test('a time that two caches hold of a symbol', async () => {
    await imported('btc-again', ['btc.gz']);
    const refusal = /btc\.helios and btc-again\.helios cannot be played together: both hold BTCUSDT at the same time/;
    await expect(runBacktest(optionsOf([cache('btc'), cache('btc-again')]))).rejects.toThrow(refusal);
    await imported('btc-and-eth', ['btc-later.gz', 'eth.gz']);
    await expect(runBacktest(optionsOf([cache('eth'), cache('btc-and-eth')]))).rejects.toThrow(/both hold ETHUSDT/);
  });

  test('caches beside each other that a third one joins', async () => {
    await imported('joined', ['btc-later.gz', 'eth-later.gz']);
    const names = ['btc', 'eth', 'joined'].map(cache);
    await expect(runBacktest(optionsOf(names))).rejects.toThrow(/because a third cache holds symbols of both/);
  });

  test('other files beside a cache', () => {
    expect(() => optionsOf([cache('btc'), 'eth.gz'])).toThrow(/takes caches \(\.helios\) or other files, not both/);
  });

  test('books beside trades alone', async () => {
    const row = (id: number) => `${id},100.${id},1,${id},${id},${T0 + 900_000 + id * 1_000},true`;
    const header = 'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker';
    writeFileSync(join(folder, 'XRPUSDT-aggTrades-2024-01.csv'), [header, ...[1, 2, 3].map(row)].join('\n'));
    await imported('trades', ['XRPUSDT-aggTrades-2024-01.csv']);
    const refusal = /btc\.helios holds books and .*trades\.helios trades alone/;
    await expect(runBacktest(optionsOf([cache('btc'), cache('trades')]))).rejects.toThrow(refusal);
  });
});

test('a damaged second cache is named', async () => {
  const damaged = await imported('damaged', ['btc-later.gz']);
  truncateSync(damaged, 1_000);
  await expect(runBacktest(optionsOf([cache('btc'), damaged]))).rejects.toThrow(/damaged\.helios cannot be played/);
});
