import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { priceAt } from '@helios/core/book/level-numbers.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { afterAll, expect, test } from 'vitest';
import type { BacktestOptions } from '../backtest-options.ts';
import { openData } from '../data/open-data.ts';
import { NO_LATENCY } from '../models/order-latency.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-coarse-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const T0 = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const [OPEN, HIGH, LOW, CLOSE] = [100, 110, 90, 105] as const;

const optionsOf = (file: string): BacktestOptions => ({
  ...{ kind: 'KLINES', files: [file], market: 'usdm', settings: defaultSettings(), changed: {} },
  ...{ latency: NO_LATENCY, fundingRate: 0, fromTs: Number.NEGATIVE_INFINITY, toTs: Number.POSITIVE_INFINITY },
});

test.each([
  ['5m', 5],
  ['15m', 15],
  ['1h', 60],
  ['4h', 240],
])('a candle of %s without detail shows its open, both extremes and its close', async (name, minutes) => {
  const file = join(folder, `BTCUSDT-${name}.csv`);
  const rows = [0, 1, 2].map((n) => [T0 + n * minutes * MINUTE_MS, OPEN, HIGH, LOW, CLOSE, 1_000, 500].join(','));
  writeFileSync(file, ['time,open,high,low,close,volume,taker_buy_volume', ...rows].join('\n'));
  for (const side of ['LONG', 'SHORT'] as const) {
    const seen: { readonly ms: number; readonly price: number }[] = [];
    const data = await openData(optionsOf(file));
    await data.play({
      sideOf: () => side,
      onFrame: (frame) => {
        for (const event of frame) {
          if (event.type !== 'book') continue;
          const mid = (priceAt(event, 'bids', 0) + priceAt(event, 'asks', 0)) / 2;
          seen.push({ ms: (event.ts_event - T0) % (minutes * MINUTE_MS), price: Math.round(mid) });
        }
      },
    });
    const changes = seen.filter(({ price }, at) => price !== seen[at - 1]?.price);
    const extremes = side === 'LONG' ? [LOW, HIGH] : [HIGH, LOW];
    // The first candle of a session has no books.
    const way = [OPEN, ...extremes, CLOSE];
    expect(changes.map(({ price }) => price)).toEqual([...way, ...way]);
    // Stops at the open of a candle count before its first extreme.
    expect(changes[1]?.ms).toBeGreaterThan(minutes * MINUTE_MS * 0.3);
  }
});
