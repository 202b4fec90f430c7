import { T0 } from '@helios/shared/testing/builders.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { describe, expect, test } from 'vitest';
import { EdgeEstimates } from './edge-estimate.ts';

const HALF_HOUR_MS = 1_800_000;
const REASON = 'EXHAUSTION';
/** A round trip of takers with a spread of 3 bp. */
const COST_BP = 12;

/** Learns moves of one reason one by one; the time of the newest one is over. */
class Learner {
  readonly edges = new EdgeEstimates();
  #count = 0;

  learn(moveBp: number): void {
    this.edges.learn(REASON, moveBp, T0 + this.#count * HALF_HOUR_MS, HALF_HOUR_MS);
    this.#count += 1;
  }

  /** Number of moves of `next` until the loss is noticed. */
  untilLost(next: () => number, max: number): number {
    for (let n = 0; n < max; n += 1) {
      this.learn(next());
      if (this.edges.lostTsOf(REASON) !== undefined) return n;
    }
    return max;
  }
}

function learner(count: number, next: () => number): Learner {
  const made = new Learner();
  for (let n = 0; n < count; n += 1) made.learn(next());
  return made;
}

/** Student t with three degrees of freedom and a standard deviation of 1. */
function heavyTailed(rng: Rng): number {
  const chiSquared = rng.normal() ** 2 + rng.normal() ** 2 + rng.normal() ** 2;
  return rng.normal() / Math.sqrt(chiSquared);
}

const median = (figures: readonly number[]) => figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? 0;

/** Moves until a loss is noticed, in 20 series. */
function delays(fall: { fromBp: number; toBp: number; remembered: number; max: number }): number[] {
  return Array.from({ length: 20 }, (_, series) => {
    const rng = new Rng(`fall ${series}`);
    const made = learner(fall.remembered, () => fall.fromBp + 80 * rng.normal());
    return made.untilLost(() => fall.toBp + 80 * rng.normal(), fall.max);
  });
}

describe('a lost edge', () => {
  test.each([750, 100])('a fall from 80 bp to 0 after %i moves is noticed within about 40', (remembered) => {
    const noticed = delays({ fromBp: 80, toBp: 0, remembered, max: 200 });
    expect(median(noticed)).toBeLessThan(40);
    expect(Math.max(...noticed)).toBeLessThan(100);
  });

  test('a fall from 20 bp to −10 is noticed within a few hundred moves', () => {
    expect(median(delays({ fromBp: 20, toBp: -10, remembered: 750, max: 500 }))).toBeLessThan(300);
  });

  test('what came before it is forgotten, the estimate stays, and it does not cover a cost', () => {
    const rng = new Rng('forgotten');
    const made = learner(750, () => 80 + 80 * rng.normal());
    expect(made.edges.of(REASON)?.lowerBp).toBeGreaterThan(COST_BP);
    made.untilLost(() => 80 * rng.normal(), 200);
    expect(made.edges.of(REASON)?.moves).toBeGreaterThanOrEqual(30);
    expect(made.edges.of(REASON)?.moves).toBeLessThan(60);
    expect(made.edges.of(REASON)?.lowerBp).toBeLessThan(COST_BP);
  });

  test.each([
    ['normal noise', 2, (rng: Rng) => rng.normal()],
    ['noise with heavy tails', 6, heavyTailed],
  ])('%s keeps its memory in %i series of 5,000 moves', (name, count, draw) => {
    const lost = Array.from({ length: count }, (_, series) => {
      const rng = new Rng(`${name} ${series}`);
      return learner(5_000, () => 60 * draw(rng)).edges.lostTsOf(REASON);
    });
    expect(lost.filter((ts) => ts !== undefined)).toEqual([]);
  });

  test('one wild move is no loss', () => {
    const rng = new Rng('wild');
    const made = learner(300, () => 20 + 80 * rng.normal());
    made.learn(-20_000);
    for (let n = 0; n < 30; n += 1) made.learn(20 + 80 * rng.normal());
    expect(made.edges.lostTsOf(REASON)).toBeUndefined();
  });

  test('a rise never drops memory', () => {
    const rng = new Rng('rise');
    const made = learner(300, () => 80 * rng.normal());
    for (let n = 0; n < 200; n += 1) made.learn(200 + 80 * rng.normal());
    expect(made.edges.lostTsOf(REASON)).toBeUndefined();
    expect(made.edges.countOf(REASON)).toBe(499);
  });

  test('the moment of forgetting never raises the lower bound', () => {
    let forgotten = 0;
    for (let series = 0; series < 200; series += 1) {
      const rng = new Rng(`bound ${series}`);
      const wildBp = 10 ** (4 * rng.uniform());
      // A few wild moves, then a steady gain: without them the bound would be higher.
      const moves = [
        ...Array.from({ length: 10 + rng.below(30) }, () => wildBp * (1 + 2 * rng.uniform())),
        ...Array.from({ length: 40 + rng.below(360) }, () => 40 + 4 * rng.normal()),
      ];
      const after = new EdgeEstimates();
      after.restore(REASON, moves, undefined, T0);
      if (after.lostTsOf(REASON) !== undefined) forgotten += 1;
      expect(after.of(REASON)?.lowerBp).toBeLessThanOrEqual(boundOf(moves) + 1e-6);
    }
    expect(forgotten).toBeGreaterThan(0);
  });

  test('what is forgotten stays forgotten after a restart, and further moves are judged as without it', () => {
    const rng = new Rng('restart');
    const made = learner(750, () => 80 + 80 * rng.normal());
    made.untilLost(() => 80 * rng.normal(), 200);
    for (let n = 0; n < 50; n += 1) made.learn(80 * rng.normal());
    const restarted = new EdgeEstimates();
    restarted.restore(REASON, [...made.edges.movesOf(REASON)], made.edges.lostTsOf(REASON), T0);
    expect(restarted.lostTsOf(REASON)).toBe(made.edges.lostTsOf(REASON));
    for (let n = 0; n < 300; n += 1) {
      const [ts, move] = [T0 + (2_000 + n) * HALF_HOUR_MS, 80 * rng.normal() - (n < 100 ? 0 : 150)];
      for (const edges of [made.edges, restarted]) edges.learn(REASON, move, ts, HALF_HOUR_MS);
      expect([...restarted.movesOf(REASON)]).toEqual([...made.edges.movesOf(REASON)]);
    }
    expect(restarted.lostTsOf(REASON)).toBeGreaterThan(T0 + 2_100 * HALF_HOUR_MS);
  });

  test('four falls of five coins at a time are four moves, not twenty', () => {
    const lostAfter = (spacingMs: number) => {
      const rng = new Rng('coins');
      const { edges } = learner(300, () => 80 + 80 * rng.normal());
      for (let n = 0; n < 20; n += 1) {
        const ts = T0 + (1_000 + (n - (n % 5))) * HALF_HOUR_MS + (n % 5) * spacingMs;
        edges.learn(REASON, -100 + 40 * rng.normal(), ts, HALF_HOUR_MS);
      }
      return edges.lostTsOf(REASON);
    };
    expect(lostAfter(1_000)).toBeUndefined();
    expect(lostAfter(HALF_HOUR_MS)).toBeGreaterThan(T0 + 1_000 * HALF_HOUR_MS);
  });

  test('equal moves are no loss, and a fall of equal moves is one', () => {
    const made = learner(400, () => 0.1);
    expect(made.edges.lostTsOf(REASON)).toBeUndefined();
    expect(made.untilLost(() => -0.1, 100)).toBeLessThan(12);
  });
});

/** Mean shrunk by 20 moves of 0, minus two standard errors, at most the mean of the newest third, basis points. */
function boundOf(moves: readonly number[]): number {
  const sum = moves.reduce((total, move) => total + move, 0);
  const squares = moves.reduce((total, move) => total + (move - sum / moves.length) ** 2, 0);
  const newest = moves.slice(-Math.max(30, Math.ceil(moves.length / 3)));
  const newestBp = newest.reduce((total, move) => total + move, 0) / newest.length;
  return Math.min(sum / (moves.length + 20) - 2 * Math.sqrt(squares / (moves.length - 1) / moves.length), newestBp);
}
