import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isProved } from '../src/report/study-verdict.ts';
import { searchInline } from './inline-search.ts';
import { writeCandles } from './made-candles.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-known-answers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Gates that would need days of klines, and exits that have nothing to do with the planted edge. */
const PLAIN = ['trend.enabled=false', 'regime.enabled=false', 'signals.vwap_gate=false', 'risk.reversal_exit=off'].map(
  (text) => `--set=${text}`,
);
const SEARCH = ['--search=signals.nobi_threshold=0.2..0.8', '--search=risk.take_profit_atr=1..8'];

test('a planted edge is found by the search, and is significant out of sample', async () => {
  const file = join(folder, 'EDGEUSDT-1m.csv');
  // Minutes whose takers are nearly all on one side are followed by 10 × 7 bp; an imbalance above 0.63 has such a minute before it.
  writeCandles({ file, seed: 1, days: 8, edgeBp: 7 });
  const { report } = await searchInline(['--data', file, ...PLAIN, ...SEARCH, '--trials=20', '--folds=3']);
  for (const { texts } of report.folds) {
    expect(Number(texts?.['signals.nobi_threshold'])).toBeGreaterThan(0.5);
    expect(Number(texts?.['signals.nobi_threshold'])).toBeLessThan(0.75);
  }
  expect(report.verdict[0]).toMatchObject({ kind: 'GOOD' });
  expect(isProved(report)).toBe(true);
  expect(report.chosen.estimates.expectancyBp.low).toBeGreaterThan(5);
  expect(report.base.estimates.expectancyBp.high).toBeLessThan(0);
  // Neighbours of the best setting are as good, so their ranks change; none of them loses.
  expect(report.overfitting?.lossProbability).toBeLessThan(0.05);
}, 120_000);

test('pure noise without fees yields nothing significant in 20 of 20 seeds', async () => {
  const free = ['--set=fees.taker_fee=0', '--set=fees.slippage_bp=0'];
  const proved: number[] = [];
  for (let seed = 1; seed <= 20; seed += 1) {
    const file = join(folder, `NOISE${seed}USDT-1m.csv`);
    writeCandles({ file, seed, days: 1, edgeBp: 0 });
    const { report } = await searchInline(['--data', file, ...PLAIN, ...free, ...SEARCH, '--trials=8', '--folds=2']);
    expect(report.chosen.netBp.length).toBeGreaterThan(5);
    if (isProved(report)) proved.push(seed);
  }
  expect(proved).toEqual([]);
}, 240_000);
