import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BacktestOptions } from '@helios/backtest/backtest-options.ts';
import { openData } from '@helios/backtest/data/open-data.ts';
import { readKlineSeries } from '@helios/backtest/klines/kline-data.ts';
import { NO_LATENCY } from '@helios/backtest/models/order-latency.ts';
import { playBacktest } from '@helios/backtest/run-backtest.ts';
import { defaultSettings, shippedSettings } from '@helios/shared/testing/builders.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { benchEqualRule } from './equal-rule.ts';
import { median } from './percentile.ts';
import type { Row } from './report.ts';

const DATA = resolve(process.env['HELIOS_DATA_DIR'] ?? '../shared/data', 'klines');
const MONTH = 'LINKUSDT-1m-2023-02.csv.gz';
const ROUNDS = 5;
/** A search plays a thousand trials in one process, so the compiler has seen the code. */
const WARM_UP_ROUNDS = 8;
/** An imbalance that triggers a few times a month. */
const RARE_THRESHOLD = 0.8;

/** Candles per second of processor time: read, and played with every decision. */
export async function benchCandles(): Promise<Row[]> {
  const { file, name } = monthFile();
  const often = optionsOf(file, defaultSettings({ signals: { confirmation_count: 1 } }));
  const seldom = optionsOf(
    file,
    defaultSettings({ signals: { confirmation_count: 1, nobi_threshold: RARE_THRESHOLD } }),
  );
  // The shipped strategy; a made-up book confirms no trigger a second time.
  const shipped = optionsOf(file, shippedSettings({ signals: { confirmation_count: 1 } }));
  const [series] = await readKlineSeries([file]);
  const candles = series?.columns.length ?? 0;
  const data = await openData(often);
  const asSearch = async (what: string, options: BacktestOptions): Promise<Row> => {
    const play = () => playBacktest(data, options, { recordsRefusals: false });
    const { trades } = await play();
    return await rate(`${what}, as a search plays it, ${trades.length} trades`, play, '1,000,000');
  };
  const rate = async (what: string, run: () => Promise<unknown>, aim?: string): Promise<Row> => ({
    ...{ what: `${what} (${name})`, value: candles / (await secondsOf(run)), unit: 'candles/s' },
    ...(aim !== undefined && { aim }),
  });
  return [
    await rate('read candles: gunzip, parse, columns', () => readKlineSeries([file])),
    await asSearch('candles → decisions by EXHAUSTION, the default', shipped),
    await asSearch('candles → decisions by imbalance alone, seldom', seldom),
    await asSearch('candles → decisions by imbalance alone, often', often),
    await rate('candles → decisions by EXHAUSTION and followed-up refusals', () => playBacktest(data, shipped)),
    await rate('candles → decisions by imbalance and followed-up refusals', () => playBacktest(data, often)),
    ...(await benchEqualRule(file, name)),
  ];
}

function optionsOf(file: string, settings: BacktestOptions['settings']): BacktestOptions {
  return {
    ...({ kind: 'KLINES', files: [file], market: 'usdm', fromTs: Number.NEGATIVE_INFINITY } as const),
    ...{ toTs: Number.POSITIVE_INFINITY, changed: {}, latency: NO_LATENCY, fundingRate: 0.0001, settings },
  };
}

/** Median processor time of a run, s; the first rounds warm up. */
async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    if (round >= WARM_UP_ROUNDS) times.push((user + system) / 1e6);
  }
  return median(times);
}

/** A month of one-minute candles: a real one, or a generated one if there is no data folder. */
function monthFile(): { readonly file: string; readonly name: string } {
  const recorded = join(DATA, MONTH);
  if (existsSync(recorded)) return { file: recorded, name: 'LINKUSDT 2023-02' };
  const rng = new Rng('candles');
  const lines = ['time,open,high,low,close,volume,taker_buy_volume'];
  let price = 7_000;
  for (let n = 0; n < 40_320; n += 1) {
    const close = Math.max(1_000, price + rng.below(13) - 6);
    const [high, low] = [Math.max(price, close) + rng.below(4), Math.min(price, close) - rng.below(4)];
    const prices = [price, high, low, close].map((units) => (units / 1_000).toFixed(3));
    const volume = 10_000 + rng.below(50_000);
    lines.push([Date.UTC(2026, 0, 1) + n * 60_000, ...prices, volume, Math.floor(volume * rng.uniform())].join(','));
    price = close;
  }
  const file = join(mkdtempSync(join(tmpdir(), 'helios-bench-')), 'GENERATEDUSDT-1m.csv');
  writeFileSync(file, lines.join('\n'));
  return { file, name: 'generated' };
}
