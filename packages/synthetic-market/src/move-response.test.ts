import { describe, expect, it } from 'vitest';
import { MoveResponse } from './move-response.ts';
import { Rng } from './rng.ts';

/** Factor after an hour of news that lean to one side by so many standard deviations of an hour. */
function factorAfter(lean: number): number {
  const rng = new Rng('an hour');
  const logs = Array.from({ length: 200 }, () => {
    const response = new MoveResponse();
    for (let minute = 0; minute < 60; minute += 1) response.pass(1, rng.normal() + lean / Math.sqrt(60));
    return Math.log(response.factor());
  });
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
}

describe('the answer of volatility to moves', () => {
  it('is a rise after a fall, a smaller one after a rise, and none after neither', () => {
    const [fall, rise, neither] = [factorAfter(-3), factorAfter(3), factorAfter(0)];
    expect(fall).toBeGreaterThan(1.5);
    expect(rise).toBeGreaterThan(1.2);
    expect(fall).toBeGreaterThan(1.2 * rise);
    expect(neither).toBeLessThan(1.1);
  });

  it('ends within hours', () => {
    const response = new MoveResponse();
    for (let minute = 0; minute < 60; minute += 1) response.pass(1, -1);
    const high = response.factor();
    for (let minute = 0; minute < 300; minute += 1) response.pass(1, minute % 2 ? 1 : -1);
    expect(high).toBeGreaterThan(2);
    expect(response.factor()).toBeLessThan(1);
  });

  it.each([1 / 60, 1, 15, 60, 240])('leaves the usual volatility as it is, in steps of %d minutes', (minutes) => {
    const rng = new Rng(`steps of ${minutes}`);
    const response = new MoveResponse();
    const count = minutes < 1 ? 2_000_000 : 200_000;
    let squares = 0;
    for (let step = 0; step < count; step += 1) {
      response.pass(minutes, rng.normal());
      squares += response.factor() ** 2;
    }
    const rootMeanSquare = Math.sqrt(squares / count);
    expect(rootMeanSquare).toBeGreaterThan(0.85);
    expect(rootMeanSquare).toBeLessThan(1.15);
  });

  it('continues where its past ended', () => {
    const past = new MoveResponse();
    for (let minute = 0; minute < 30; minute += 1) past.pass(1, -1);
    expect(new MoveResponse(past).factor()).toBe(past.factor());
    expect(past.factor()).toBeGreaterThan(1);
  });
});
