import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readRecording } from '../recording-reader.ts';
import { BookSampler, type SymbolSamples } from './book-samples.ts';
import { framesUntil } from './frames-until.ts';
import { createGeneratorSource } from './generator-source.ts';
import { correlation } from './series-statistics.ts';
import { type StylisedFacts, stylisedFacts } from './stylised-facts.ts';

const START_MS = 1_700_000_000_000;
const DATA = resolve(process.env['HELIOS_DATA_DIR'] ?? '../shared/data', 'depth');

async function sample(
  seed: number,
  symbols: readonly string[],
  minutes: number,
  updatesPerSecond = 10,
): Promise<ReadonlyMap<string, SymbolSamples>> {
  const sampler = new BookSampler();
  const source = createGeneratorSource({ seed, symbols, startMs: START_MS, updatesPerSecond });
  for await (const frame of framesUntil(source, START_MS + minutes * 60_000)) sampler.add(frame.text, frame.symbol);
  return sampler.results();
}

function within(figure: number | undefined, low: number, high: number): void {
  expect(figure).toBeGreaterThanOrEqual(low);
  expect(figure).toBeLessThanOrEqual(high);
}

describe.each([1, 20])('twenty-five minutes of the synthetic market, seed %i', (seed) => {
  const facts = new Map<string, StylisedFacts>();
  beforeAll(async () => {
    for (const [symbol, samples] of await sample(seed, ['BTCUSDT', 'ETHUSDT'], 25)) {
      expect([samples.faults, samples.tickersDiffering]).toEqual([0, 0]);
      facts.set(symbol, stylisedFacts(samples));
    }
  });

  it.each(['BTCUSDT', 'ETHUSDT'])('%s: spread and depth are those of the recordings', (symbol) => {
    const fact = facts.get(symbol);
    within(fact?.spreadBp, 0.012, 0.04);
    within(fact?.narrowestSpreadShare, 0.98, 1);
    within(fact?.topDepthValue, 750_000, 2_200_000);
    within(fact?.standstillShare, 0.9, 0.98);
  });

  it.each(['BTCUSDT', 'ETHUSDT'])('%s: imbalance is as strong and lasts as long', (symbol) => {
    const fact = facts.get(symbol);
    within(fact?.imbalanceP50, 0.4, 0.56);
    within(fact?.imbalanceP90, 0.85, 0.92);
    within(fact?.imbalanceP99, 0.965, 0.99);
    within(fact?.triggerShare, 0.5, 0.62);
    within(fact?.imbalanceMemory[1], 0.5, 0.8);
    within(fact?.imbalanceMemory[30], -0.2, 0.2);
  });

  it.each(['BTCUSDT', 'ETHUSDT'])('%s: asks that dominate precede falls for seconds, not for a minute', (symbol) => {
    const fact = facts.get(symbol);
    within(fact?.prediction[1], 0.2, 0.45);
    within(fact?.prediction[5], 0.18, 0.45);
    within(fact?.prediction[60], -0.2, 0.2);
    within(fact?.moveBp[1], 0.05, 0.6);
    within(fact?.moveBp[5], 0.1, 1.5);
  });
});

describe('eight hours of the synthetic market', () => {
  let samples: ReadonlyMap<string, SymbolSamples>;
  beforeAll(async () => {
    // One update a second: hours for the price of minutes, and volatility does not depend on the pace of updates.
    samples = await sample(3, ['BTCUSDT', 'ETHUSDT'], 480, 1);
  });

  it('has calm and storm in clusters, fat tails, and moves some basis points a minute', () => {
    for (const [, symbolSamples] of samples) {
      const facts = stylisedFacts(symbolSamples);
      within(facts.clustering[1], 0.1, 0.7);
      within(facts.clustering[5], 0.05, 0.7);
      within(facts.clustering[10], 0.03, 0.7);
      within(facts.minuteKurtosis, 1, 60);
      within(facts.returnSigmaBp[60], 2, 10);
    }
  });

  it('moves its symbols together', () => {
    const minuteReturns = (symbol: string): number[] => {
      const mids = (samples.get(symbol)?.mids ?? []).filter((_, index) => index % 600 === 0);
      return mids.slice(1).map((mid, index) => Math.log(mid / (mids[index] ?? mid)));
    };
    within(correlation(minuteReturns('BTCUSDT'), minuteReturns('ETHUSDT')), 0.4, 0.95);
  });

  it('keeps no more levels than a screen of the book', () => {
    for (const [, { mostLevels }] of samples) expect(mostLevels).toBeLessThanOrEqual(80);
  });
});

describe.skipIf(!existsSync(DATA))('the same code on a recording (skipped without the data folder)', () => {
  it('gives the figures known of BTCUSDT 2024', async () => {
    const sampler = new BookSampler();
    for (const file of ['usdm_btcusdt_20240718.gz', 'usdm_btcusdt_20240719.gz']) {
      const lines = readRecording(resolve(DATA, file), (fault) => expect(fault).toBeUndefined());
      for await (const batch of lines) for (const line of batch) sampler.add(line.text);
    }
    const samples = sampler.results().get('BTCUSDT');
    expect([sampler.faults, samples?.faults, samples?.tickersDiffering]).toEqual([0, 0, 0]);
    if (samples === undefined) return;
    const facts = stylisedFacts(samples);
    expect(facts.spreadBp).toBeCloseTo(0.016, 3);
    expect(facts.imbalanceP50).toBeCloseTo(0.48, 2);
    expect(facts.imbalanceP90).toBeCloseTo(0.9, 2);
    within(facts.triggerShare, 0.53, 0.55);
    within(facts.prediction[1], 0.35, 0.39);
    within(facts.prediction[5], 0.3, 0.34);
  });
});
