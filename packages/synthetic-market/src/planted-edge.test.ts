import { describe, expect, it } from 'vitest';
import { FairPrice } from './fair-price.ts';
import { marketPast, symbolPast } from './kline-history.ts';
import { marketProfile } from './market-profile.ts';
import { EDGE_MINUTES, FALL_SIGMAS, type PlantedEdge, plantedEdge } from './planted-edge.ts';
import { deviation, mean } from './series-statistics.ts';
import { WholeMarket } from './whole-market.ts';

const START_MS = 1_700_000_000_000;
const PROFILE = marketProfile('BTCUSDT');
const EDGE_BP = 30;
const FALL_BP = FALL_SIGMAS * PROFILE.minuteSigmaBp * Math.sqrt(EDGE_MINUTES);
const HOURS = 36;

/** A market by minute, with all that its book and trades show. */
interface Minutes {
  /** Logarithm of the fair price at the end of the minute, basis points. */
  readonly logs: number[];
  /** Mean imbalance of the first ten levels, once a second; positive: asks outweigh bids. */
  readonly imbalances: number[];
  /** Direction of the trades in the last second. */
  readonly flows: number[];
  /** Volatility in the last second. */
  readonly volatilities: number[];
  /** Side of a tilt that became a lasting one in this minute: 1 for more bids, −1 for more asks, else 0. */
  readonly lasting: number[];
}

/** The prices and imbalances that a generator with one step per second makes; its books and texts are left out. */
function play(seed: number, edge: PlantedEdge = { bp: 0 }, hours = HOURS): Minutes {
  const label = `${seed}:${START_MS}`;
  const past = marketPast(label, START_MS);
  const market = new WholeMarket(label, past.regime, 1);
  const price = new FairPrice(PROFILE, label, symbolPast(PROFILE, label, past), 1, edge);
  const minutes: Minutes = { logs: [], imbalances: [], flows: [], volatilities: [], lasting: [] };
  let [sum, lasting] = [0, 0];
  for (let second = 1; second <= hours * 3_600; second += 1) {
    const step = market.step();
    price.passSeconds(1, step);
    if (second % 60 === 0) price.passMinute();
    price.step(START_MS + second * 1_000, step);
    sum += 1 - 2 * price.pressure.bidShare(0);
    if (step.tilt.lasting !== 0) lasting = step.tilt.lasting;
    if (second % 60 !== 0) continue;
    minutes.lasting.push(lasting);
    minutes.logs.push(price.log * 10_000);
    minutes.imbalances.push(sum / 60);
    minutes.flows.push(price.pressure.flow());
    minutes.volatilities.push(Math.log(price.volatility * price.burstFactor));
    [sum, lasting] = [0, 0];
  }
  return minutes;
}

type Feature = (seen: Minutes, at: number) => number;

const move = ({ logs }: Minutes, from: number, to: number): number => (logs[to] ?? 0) - (logs[from] ?? 0);
const inFall = (seen: Minutes, at: number): boolean => move(seen, at - EDGE_MINUTES, at) <= -FALL_BP;

/** 1 if bids outweighed asks for the whole minute, −1 if asks did, else 0. Hardly anything but a lasting tilt does that. */
const lastingSide: Feature = (seen, at) => {
  const imbalance = seen.imbalances[at] ?? 0;
  return Math.abs(imbalance) < 0.6 ? 0 : -Math.sign(imbalance);
};

const inFallOnly: Feature = (seen, at) => (inFall(seen, at) ? lastingSide(seen, at) : 0);
const outsideFalls: Feature = (seen, at) => (inFall(seen, at) ? 0 : lastingSide(seen, at));

/** What somebody could predict the next half hour with, at the end of minute `at`. */
const FEATURES: Readonly<Record<string, Feature>> = {
  'the imbalance of the minute': (seen, at) => seen.imbalances[at] ?? 0,
  'a lasting imbalance': lastingSide,
  'a lasting imbalance in a fall': inFallOnly,
  'a lasting imbalance outside a fall': outsideFalls,
  'the direction of trades': (seen, at) => seen.flows[at] ?? 0,
  'the last minute': (seen, at) => move(seen, at - 1, at),
  'the last half hour': (seen, at) => move(seen, at - EDGE_MINUTES, at),
  'a fall': (seen, at) => (inFall(seen, at) ? 1 : 0),
  volatility: (seen, at) => seen.volatilities[at] ?? 0,
};

/** Mean over its standard error. */
const tOf = (values: readonly number[]): number =>
  (mean(values) ?? 0) / ((deviation(values) ?? 0) / Math.sqrt(values.length));

/** t of the product of a feature with the next half hour's move, summed by market: markets are independent, half hours overlap. */
function predictability(markets: readonly Minutes[], feature: Feature): number {
  return tOf(
    markets.map((seen) => {
      let sum = 0;
      for (let at = EDGE_MINUTES; at + EDGE_MINUTES < seen.logs.length; at += 1) {
        sum += feature(seen, at) * move(seen, at, at + EDGE_MINUTES);
      }
      return sum;
    }),
  );
}

/** Mean move of the half hour after lasting imbalances, in their direction, basis points. */
function moveAfter(markets: readonly Minutes[], feature: Feature): number {
  const moves: number[] = [];
  for (const seen of markets) {
    for (let at = EDGE_MINUTES; at + EDGE_MINUTES < seen.logs.length; at += 1) {
      const side = feature(seen, at);
      if (side !== 0) moves.push(side * move(seen, at, at + EDGE_MINUTES));
    }
  }
  return mean(moves) ?? Number.NaN;
}

const SEEDS = Array.from({ length: 16 }, (_, at) => at + 1);
const MARKETS = SEEDS.map((seed) => play(seed));
const WITH_EDGE = SEEDS.map((seed) => play(seed, plantedEdge(EDGE_BP, 0, START_MS)));

describe('half hours of 16 markets of 36 hours without an edge', () => {
  it.each(Object.entries(FEATURES))('cannot be predicted from %s', (_, feature) => {
    expect(Math.abs(predictability(MARKETS, feature))).toBeLessThan(3);
  });

  it('move by less than 3 bp in the direction of a lasting imbalance, in a fall and otherwise', () => {
    expect(Math.abs(moveAfter(MARKETS, inFallOnly))).toBeLessThan(3);
    expect(Math.abs(moveAfter(MARKETS, outsideFalls))).toBeLessThan(3);
  });
});

describe('the same half hours with an edge of 30 bp', () => {
  it('follow a lasting imbalance in a fall by 30 bp, and no other one', () => {
    expect(predictability(WITH_EDGE, inFallOnly)).toBeGreaterThan(5);
    expect(Math.abs(moveAfter(WITH_EDGE, inFallOnly) - EDGE_BP)).toBeLessThan(5);
    expect(Math.abs(predictability(WITH_EDGE, outsideFalls))).toBeLessThan(3);
  });

  it('show the same imbalances as without', () => {
    expect(WITH_EDGE.map((seen) => seen.imbalances)).toEqual(MARKETS.map((seen) => seen.imbalances));
  });
});

/** Planted move of each minute: a market with an edge minus the same one without it. */
function plantedSteps(seen: Minutes, without: Minutes | undefined): number[] {
  if (without === undefined) throw new Error('no market to compare with');
  return seen.logs.map((_, at) => (at === 0 ? 0 : move(seen, at - 1, at) - move(without, at - 1, at)));
}

/** Minutes with a tilt that becomes a lasting one, without another one within the time of a planted move. */
function loneTilts({ lasting }: Minutes): { side: number; at: number }[] {
  const tilts = lasting.flatMap((side, at) => (side === 0 ? [] : [{ side, at }]));
  return tilts.filter(({ at }, index) => {
    const before = tilts[index - 1]?.at ?? 0;
    const after = tilts[index + 1]?.at ?? lasting.length;
    return at - before > EDGE_MINUTES + 2 && after - at > EDGE_MINUTES + 2;
  });
}

describe('a planted move', () => {
  it('is 30 bp in 30 minutes after a tilt that lasts in a fall, and nothing after any other', () => {
    let [inFalls, others] = [0, 0];
    for (const [index, seen] of WITH_EDGE.entries()) {
      const steps = plantedSteps(seen, MARKETS[index]);
      for (const { side, at } of loneTilts(seen)) {
        const whole = steps.slice(at, at + EDGE_MINUTES + 2).reduce((sum, step) => sum + step, 0);
        // The generator compares with a minute's end up to a minute ago, so the test leaves out what is close to the limit.
        const falls = [move(seen, at - EDGE_MINUTES, at), move(seen, at - EDGE_MINUTES - 1, at - 1)];
        if (Math.max(...falls) < -1.3 * FALL_BP) {
          inFalls += 1;
          expect(whole).toBeCloseTo(side * EDGE_BP, 4);
          expect(steps[at + 10]).toBeCloseTo((side * EDGE_BP) / EDGE_MINUTES, 6);
        } else if (Math.min(...falls) > -0.7 * FALL_BP) {
          others += 1;
          expect(whole).toBeCloseTo(0, 4);
        }
      }
    }
    expect(inFalls).toBeGreaterThanOrEqual(8);
    expect(others).toBeGreaterThanOrEqual(30);
  });

  it('ends when the edge is removed, and none begins afterwards', () => {
    let moved = 0;
    for (const [index, seed] of SEEDS.slice(0, 4).entries()) {
      const steps = plantedSteps(play(seed, plantedEdge(EDGE_BP, 12, START_MS)), MARKETS[index]);
      moved += steps.filter((step) => Math.abs(step) > 1e-6).length;
      expect(steps.slice(12 * 60).every((step) => Math.abs(step) < 1e-6)).toBe(true);
      expect(steps.slice(0, 12 * 60 - 1)).toEqual(
        plantedSteps(WITH_EDGE[index] ?? play(seed), MARKETS[index]).slice(0, 12 * 60 - 1),
      );
    }
    expect(moved).toBeGreaterThan(60);
  });
});

it('no edge is set for a strength of 0, and it never ends with 0 hours', () => {
  expect(plantedEdge(0, 5, START_MS)).toBeUndefined();
  expect(plantedEdge(20, 0, START_MS)).toEqual({ bp: 20, untilMs: undefined });
  expect(plantedEdge(20, 2, START_MS)).toEqual({ bp: 20, untilMs: START_MS + 7_200_000 });
});
