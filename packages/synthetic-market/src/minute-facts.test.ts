import { expect, it } from 'vitest';
import { minuteFacts } from './minute-facts.ts';
import { Rng } from './rng.ts';

function walk(minutes: number, momentum: number): { closes: number[]; volumes: number[] } {
  const rng = new Rng(`walk ${momentum}`);
  let [log, before] = [0, 0];
  const closes: number[] = [];
  const volumes: number[] = [];
  for (let at = 0; at < minutes; at += 1) {
    before = momentum * before + 5e-4 * rng.normal();
    log += before;
    closes.push(Math.exp(log));
    volumes.push(rng.logNormal(1.1));
  }
  return { closes, volumes };
}

it('of a random walk are those of a martingale, and the spread of its volumes', () => {
  const facts = minuteFacts(walk(30_000, 0));
  expect(facts.minutes).toBe(30_000);
  expect(facts.volumeSigma).toBeCloseTo(1.1, 1);
  expect(facts.returnSigmaBp).toBeCloseTo(5, 0);
  expect(Math.abs(facts.returnMemory ?? 1)).toBeLessThan(0.05);
  expect(Math.abs((facts.varianceRatio ?? 0) - 1)).toBeLessThan(0.2);
  expect(Math.abs(facts.clustering[1] ?? 1)).toBeLessThan(0.05);
});

it('show momentum', () => {
  const facts = minuteFacts(walk(30_000, 0.5));
  expect(facts.returnMemory).toBeCloseTo(0.5, 1);
  expect(facts.varianceRatio).toBeGreaterThan(2);
});

it('of a few minutes are absent, and minutes without volume do not count', () => {
  expect(minuteFacts({ closes: [], volumes: [] })).toMatchObject({ minutes: 0, volumeSigma: undefined });
  const facts = minuteFacts({ closes: [1, 1, 1, 1], volumes: [0, 5, 0, 5] });
  expect(facts).toMatchObject({ volumeSigma: 0, tailIndex: undefined, varianceRatio: undefined });
});
