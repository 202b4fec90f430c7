import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision } from '@helios/shared/domain/decision.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { afterAll, expect, test } from 'vitest';
import type { BacktestOptions } from '../backtest-options.ts';
import { openData } from '../data/open-data.ts';
import { NO_LATENCY } from '../models/order-latency.ts';
import { playBacktest } from '../run-backtest.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-oracle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const T0 = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const MINUTES = 1_500;

/** High, low and close of each minute, in cents. */
type Candle = readonly [high: number, low: number, close: number];

/** Writes candles of a random walk; their tick is a cent. */
function write(seed: string): { readonly file: string; readonly candles: readonly Candle[] } {
  const rng = new Rng(seed);
  const candles: Candle[] = [];
  const lines = ['time,open,high,low,close,volume,taker_buy_volume'];
  let price = 10_000;
  for (let n = 0; n < MINUTES; n += 1) {
    const close = price + rng.below(21) - 10;
    const [high, low] = [Math.max(price, close) + rng.below(6), Math.min(price, close) - rng.below(6)];
    const volume = 100_000 + rng.below(100_000);
    const prices = [price, high, low, close].map((cents) => (cents / 100).toFixed(2));
    const bought = Math.round(volume * rng.uniform());
    lines.push([T0 + n * MINUTE_MS, ...prices, volume / 1_000, bought / 1_000].join(','));
    candles.push([high, low, close]);
    price = close;
  }
  const file = join(folder, 'AAAUSDT-1m.csv');
  writeFileSync(file, lines.join('\n'));
  return { file, candles };
}

/** True if a bid (`sign` 1) or an ask (−1) at `limit` cents, placed at `ts`, meets a price beyond it in its time. */
function fills(candles: readonly Candle[], sign: 1 | -1, limit: number, ts: number): boolean {
  const first = Math.floor((ts - T0) / MINUTE_MS);
  const last = Math.ceil((ts + 30_000 - T0) / MINUTE_MS) - 1;
  return candles.slice(first, last + 1).some(([high, low, close], n) => {
    const isWhole = n > 0 || (ts - T0) % MINUTE_MS === 1_000;
    const extreme = sign === 1 ? low : high;
    return (isWhole && sign * (limit - extreme) >= 1) || (sign * (limit - close) >= 1 && !isAtClose(n, ts));
  });
}

const isAtClose = (n: number, ts: number): boolean => n === 0 && (ts - T0) % MINUTE_MS >= 59_000;

test('entries and follow-ups fill where the candles say so, and nowhere else', async () => {
  const { file, candles } = write('oracle');
  const settings = defaultSettings({
    simulation: { mode: 'HF_LIMIT' },
    signals: { confirmation_count: 1, nobi_threshold: 0.5, edge_gate: 'off', refusal_log_interval_sec: 1 },
    risk: { trailing_stop: false },
  });
  const window = { fromTs: Number.NEGATIVE_INFINITY, toTs: Number.POSITIVE_INFINITY };
  const options: BacktestOptions = {
    ...{ kind: 'KLINES', files: [file], market: 'usdm', ...window, settings, changed: {} },
    ...{ latency: NO_LATENCY, fundingRate: 0 },
  };
  const { decisions, refusals, trades } = await playBacktest(await openData(options), options);
  const counts = { OPENED: 0, MISSED: 0, CLOSED: 0, shadowMissed: 0, unseen: 0 };
  const says = ({ direction, timestamp, entry_price }: Decision) =>
    fills(candles, direction === 'LONG' ? 1 : -1, Math.round(100 * entry_price), timestamp);
  for (const decision of decisions.filter(({ direction }) => direction === 'LONG' || direction === 'SHORT')) {
    const { outcome, fill_price, entry_price, liquidity, timestamp } = decision;
    if (outcome !== 'OPENED' && outcome !== 'MISSED') continue;
    counts[outcome] += 1;
    expect([timestamp, says(decision)]).toEqual([timestamp, outcome === 'OPENED']);
    if (outcome === 'OPENED') expect([fill_price, liquidity]).toEqual([entry_price, 'MAKER']);
  }
  for (const decision of refusals) {
    const { follow_up, timestamp } = decision;
    if (follow_up === undefined) continue;
    const isMissed = follow_up.outcome === 'MISSED';
    counts[isMissed ? 'shadowMissed' : 'CLOSED'] += 1;
    if (!isMissed) expect([timestamp, says(decision)]).toEqual([timestamp, true]);
    else if (says(decision)) counts.unseen += 1;
  }
  const { unseen, ...seen } = counts;
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
  // Where a SHORT position closes at the high, the second extreme is the high again, so follow-ups never meet the low.
  expect(unseen).toBeLessThan(0.01 * seen.shadowMissed);
  const sameCandle = trades.filter(({ entry_ts, exit_ts }) => exit_ts - entry_ts <= 20_000);
  expect(sameCandle.length).toBeGreaterThan(0);
  for (const { exit_reason, exit_ts } of sameCandle)
    if (exit_reason === 'TAKE_PROFIT') expect(exit_ts % MINUTE_MS).toBe(59_000);
});
