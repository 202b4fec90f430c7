import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseFrame } from '@helios/binance/parse-frame.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { BookSampler, type SymbolSamples } from './book-samples.ts';
import { framesUntil } from './frames-until.ts';
import { createGeneratorSource } from './generator-source.ts';
import { sampleRecording } from './sample-recording.ts';
import { autocorrelation, correlation, deviation, excessKurtosis, mean, quantile } from './series-statistics.ts';
import { type StylisedFacts, stylisedFacts } from './stylised-facts.ts';

const START_MS = 1_700_000_000_000;
const DATA = resolve(process.env['HELIOS_DATA_DIR'] ?? '../shared/data', 'depth');

async function sample(
  seed: number,
  symbols: readonly string[],
  minutes: number,
): Promise<ReadonlyMap<string, SymbolSamples>> {
  const sampler = new BookSampler();
  const source = createGeneratorSource({ seed, symbols, startMs: START_MS });
  for await (const frame of framesUntil(source, START_MS + minutes * 60_000)) sampler.add(frame.text, frame.symbol);
  return sampler.results();
}

function within(figure: number | undefined, low: number, high: number): void {
  expect(figure).toBeGreaterThanOrEqual(low);
  expect(figure).toBeLessThanOrEqual(high);
}

/** As long as a recorded session. */
const SESSION_MINUTES = 8;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

type FigureOf = (fact: StylisedFacts) => number | undefined;

/** The figure of the middle session. */
function middle(sessions: readonly StylisedFacts[] | undefined, figure: FigureOf): number | undefined {
  const known = (sessions ?? []).map(figure).filter((value) => value !== undefined);
  expect(known).toHaveLength(SEEDS.length);
  return quantile(known, 0.5);
}

function usual(sessions: readonly StylisedFacts[] | undefined, figure: FigureOf, low: number, high: number): void {
  within(middle(sessions, figure), low, high);
}

describe('sessions of eight minutes of eight synthetic markets', () => {
  const facts = new Map<string, StylisedFacts[]>();
  beforeAll(async () => {
    for (const seed of SEEDS) {
      for (const [symbol, samples] of await sample(seed, ['BTCUSDT', 'ETHUSDT'], SESSION_MINUTES)) {
        expect([samples.faults, samples.tickersDiffering]).toEqual([0, 0]);
        facts.set(symbol, [...(facts.get(symbol) ?? []), stylisedFacts(samples)]);
      }
    }
  }, 180_000);

  it.each(['BTCUSDT', 'ETHUSDT'])('%s: spread and depth are like those of the recordings', (symbol) => {
    const own = facts.get(symbol);
    usual(own, (fact) => fact.spreadBp, 0.012, 0.04);
    usual(own, (fact) => fact.narrowestSpreadShare, 0.98, 1);
    usual(own, (fact) => fact.topDepthValue, 750_000, 2_200_000);
    usual(own, (fact) => fact.standstillShare, 0.9, 0.98);
  });

  it.each(['BTCUSDT', 'ETHUSDT'])('%s: imbalance has the strength and duration of the recordings', (symbol) => {
    const own = facts.get(symbol);
    usual(own, (fact) => fact.imbalanceP50, 0.4, 0.56);
    usual(own, (fact) => fact.imbalanceP90, 0.85, 0.92);
    usual(own, (fact) => fact.imbalanceP99, 0.965, 0.99);
    usual(own, (fact) => fact.triggerShare, 0.48, 0.65);
    usual(own, (fact) => fact.imbalanceMemory[1], 0.5, 0.8);
    usual(own, (fact) => fact.imbalanceMemory[5], 0.15, 0.45);
    usual(own, (fact) => fact.imbalanceMemory[30], -0.2, 0.2);
    usual(own, (fact) => fact.confirmationsPerMinute, 10, 17);
  });

  it.each(['BTCUSDT', 'ETHUSDT'])('%s: one-second returns have the tails of the recordings', (symbol) => {
    // Sessions differ by much: of 24 seeds the middle has 9.9 and 11.4, the extremes 4 and 43. Recordings: 8.9 to 13.4.
    usual(facts.get(symbol), (fact) => fact.secondKurtosis, 5, 20);
  });

  it.each(['BTCUSDT', 'ETHUSDT'])('%s: consecutive trades are on one side as often as in the recordings', (symbol) => {
    usual(facts.get(symbol), (fact) => fact.signMemory, 0.7, 0.84);
  });

  it.each([
    ['BTCUSDT', 2e6, 6e6],
    ['ETHUSDT', 1e6, 4e6],
  ])('%s: moves and trades are like those of a quiet recording', (symbol, minValue, maxValue) => {
    const own = facts.get(symbol);
    usual(own, (fact) => fact.returnSigmaBp[1], 0.12, 0.8);
    usual(own, (fact) => fact.tradesPerSecond, 9, 22);
    usual(own, (fact) => fact.tradedValuePerMinute, minValue, maxValue);
  });

  it.each(['BTCUSDT', 'ETHUSDT'])('%s: ask-heavy books precede falls for seconds, not for a minute', (symbol) => {
    const own = facts.get(symbol);
    usual(own, (fact) => fact.prediction[1], 0.2, 0.45);
    usual(own, (fact) => fact.prediction[5], 0.18, 0.45);
    usual(own, (fact) => fact.prediction[30], -0.1, 0.2);
    usual(own, (fact) => fact.prediction[60], -0.2, 0.2);
    expect(middle(own, (fact) => fact.prediction[60])).toBeLessThan(
      (middle(own, (fact) => fact.prediction[5]) ?? 0) / 2,
    );
    usual(own, (fact) => fact.moveBp[1], 0.05, 0.6);
    usual(own, (fact) => fact.moveBp[5], 0.1, 1.5);
  });
});

/** Returns of the mid between full minutes, by symbol, in basis points. Uses one update per second, because the rate does not change volatility. */
async function minuteReturns(seed: number, hours: number): Promise<ReadonlyMap<string, readonly number[]>> {
  const mids = new Map<string, Map<number, number>>();
  const source = createGeneratorSource({
    seed,
    symbols: ['BTCUSDT', 'ETHUSDT'],
    startMs: START_MS,
    updatesPerSecond: 1,
  });
  for await (const frame of framesUntil(source, START_MS + hours * 3_600_000)) {
    if (!frame.text.includes('@bookTicker') || (frame.tsReceived - START_MS) % 60_000 > 900) continue;
    const ticker = parseFrame(frame.text);
    if (ticker.kind !== 'BOOK_TICKER') continue;
    const mid = (Number(ticker.bid[0]) + Number(ticker.ask[0])) / 2;
    const own = mids.get(ticker.symbol) ?? new Map<number, number>();
    mids.set(ticker.symbol, own.set(Math.floor((frame.tsReceived - START_MS) / 60_000), mid));
  }
  // Only minutes that every symbol has: the series stay beside each other.
  const known = [...(mids.get('BTCUSDT') ?? [])].map(([minute]) => minute).toSorted((a, b) => a - b);
  const shared = known.filter((minute) => [...mids.values()].every((own) => own.has(minute)));
  const returnsOf = (own: ReadonlyMap<number, number>) =>
    shared.slice(1).map((minute, i) => 10_000 * Math.log((own.get(minute) ?? 0) / (own.get(shared[i] ?? 0) ?? 0)));
  return new Map([...mids].map(([symbol, own]) => [symbol, returnsOf(own)]));
}

describe('eight hours of each of three synthetic markets', () => {
  const markets: ReadonlyMap<string, readonly number[]>[] = [];
  beforeAll(async () => {
    for (const seed of [3, 4, 5]) markets.push(await minuteReturns(seed, 8));
  }, 180_000);

  it('have clustered volatility, fat tails, and moves of a few basis points per minute', () => {
    const series = markets.flatMap((market) => [...market.values()]);
    expect(series.every((returns) => returns.length > 470)).toBe(true);
    const memory = (lag: number): number | undefined =>
      mean(series.map((returns) => autocorrelation(returns.map(Math.abs), lag) ?? Number.NaN));
    // Real months in windows of eight hours: 0.13, 0.08, 0.06 and 0.05; a mean of six windows may be half of it.
    within(memory(1), 0.07, 0.6);
    within(memory(5), 0.03, 0.6);
    within(memory(10), 0.02, 0.6);
    within(memory(20), 0, 0.6);
    within(mean(series.map((returns) => excessKurtosis(returns) ?? Number.NaN)), 1.5, 40);
    for (const returns of series) within(deviation(returns), 2, 12);
  });

  it('have correlated symbols', () => {
    for (const market of markets) {
      const [btc, eth] = [market.get('BTCUSDT') ?? [], market.get('ETHUSDT') ?? []];
      const length = Math.min(btc.length, eth.length);
      within(correlation(btc.slice(0, length), eth.slice(0, length)), 0.4, 0.95);
    }
  });
});

describe.skipIf(!existsSync(DATA))('the same code on a recording (skipped without the data folder)', () => {
  it('gives the known figures of BTCUSDT 2024', async () => {
    const files = ['usdm_btcusdt_20240718.gz', 'usdm_btcusdt_20240719.gz'].map((file) => resolve(DATA, file));
    const sampler = await sampleRecording(files, 'usdm', (fault) => expect(fault).toBeUndefined());
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
