import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPacer } from './pace.ts';

/** A wall clock that moves only while the pacer waits; each wait ends late. */
function pacerOf(speed: number, lateMs = 0) {
  let wallMs = 5_000;
  const waits: number[] = [];
  const pacer = createPacer({
    speed,
    stop: new AbortController().signal,
    longestGapMs: 60_000,
    now: () => wallMs,
    wait: async (ms) => {
      waits.push(ms);
      wallMs += ms + lateMs;
    },
  });
  const work = (ms: number): void => {
    wallMs += ms;
  };
  return { pacer, waits, wall: () => wallMs, work };
}

describe('createPacer', () => {
  test('passes market time at the given speed, and late timers do not add up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 2.5, 20),
        fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 0, max: 15 }),
        async (speed, steps, lateMs) => {
          const { pacer, wall } = pacerOf(speed, lateMs);
          let market = 1_700_000_000_000;
          await pacer.until(market);
          for (const step of steps) {
            market += step;
            await pacer.until(market);
            const dueMs = 5_000 + (market - 1_700_000_000_000) / speed;
            expect(wall()).toBeGreaterThanOrEqual(dueMs - 1.001);
            // Late by at most the last timer, however many there were before.
            expect(wall()).toBeLessThanOrEqual(dueMs + lateMs + 0.001);
          }
        },
      ),
    );
  });

  test('sends late frames at once, until the market has caught up', async () => {
    const { pacer, waits, work } = pacerOf(1);
    await pacer.until(0);
    work(500);
    await pacer.until(100);
    await pacer.until(400);
    expect(waits).toEqual([]);
    await pacer.until(700);
    expect(waits).toEqual([200]);
  });

  test('does not wait for the break between two recordings', async () => {
    const { pacer, waits } = pacerOf(1);
    await pacer.until(0);
    await pacer.until(60_001);
    expect(waits).toEqual([]);
    await pacer.until(60_101);
    expect(waits).toEqual([100]);
  });

  test('catches up nothing after a restart', async () => {
    const { pacer, waits, work } = pacerOf(1);
    await pacer.until(0);
    work(30_000);
    pacer.restart();
    await pacer.until(100);
    await pacer.until(200);
    expect(waits).toEqual([100]);
  });

  test('ends a wait on a stop', async () => {
    const abort = new AbortController();
    const pacer = createPacer({ speed: 1, stop: abort.signal, longestGapMs: 1e9 });
    await pacer.until(0);
    const waiting = pacer.until(1_000_000);
    abort.abort();
    await waiting;
  });
});
