import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RateGovernor } from './rate-governor.ts';

const MINUTE = 60_000;
const START = 1_700_000_040_000;

function governed(share = 0.5, limitPerMinute = 100) {
  const time = { now: START + 5_000 };
  return { time, governor: new RateGovernor({ now: () => time.now, share, limitPerMinute }) };
}

/** Begins and ends a request at once. */
function ask(governor: RateGovernor, weight: number, end: Parameters<RateGovernor['end']>[1] = {}): boolean {
  const ticket = governor.begin(weight);
  if (ticket === undefined) return false;
  governor.end(ticket, end);
  return true;
}

describe('the budget', () => {
  test('applies to a clock minute, and is full again in the next', () => {
    const { time, governor } = governed();
    for (let i = 0; i < 10; i += 1) expect(ask(governor, 5)).toBe(true);
    expect(ask(governor, 1)).toBe(false);
    expect(governor.waitMs(1)).toBe(55_000);
    time.now += 55_000 + 1_000;
    expect(governor.used).toBe(0);
    expect(ask(governor, 50)).toBe(true);
  });

  test('a request that may count in either minute counts in both', () => {
    const { time, governor } = governed();
    ask(governor, 25);
    time.now = START + 59_500;
    const slow = governor.begin(15);
    expect(ask(governor, 5)).toBe(true);
    time.now = START + MINUTE + 100;
    expect(governor.used).toBe(20);
    // The previous minute has 5 left, and the venue may still count into it.
    expect(ask(governor, 5)).toBe(true);
    expect(governor.waitMs(1)).toBe(900);
    time.now += 900;
    expect(ask(governor, 25)).toBe(true);
    expect(governor.waitMs(1)).toBe(MINUTE - 1_000);
    if (slow !== undefined) governor.end(slow);
  });

  test('keeps weight free for more urgent requests', () => {
    const { governor } = governed();
    ask(governor, 40);
    expect(governor.waitMs(5, 10)).toBeGreaterThan(0);
    expect(governor.waitMs(5)).toBe(0);
  });

  test('follows the venue’s count, which includes other programs', () => {
    const { time, governor } = governed();
    ask(governor, 1, { usedWeight: 48 });
    expect(governor.used).toBe(48);
    expect(ask(governor, 3)).toBe(false);
    time.now = START + MINUTE + 200;
    // The first answers of a minute may still have the count of the previous minute.
    ask(governor, 1, { usedWeight: 49 });
    expect(governor.used).toBe(1);
    expect(governor.pacePerMinute).toBeCloseTo((49 * MINUTE) / (MINUTE - 200), 6);
  });

  test('a clock that is set back does not refill the same minute', () => {
    const { time, governor } = governed();
    time.now = START + MINUTE + 5_000;
    ask(governor, 50);
    time.now = START + 5_000;
    expect(ask(governor, 1)).toBe(false);
  });

  test('after a clock that was ahead is corrected, the governor follows it, and the next minute is full', () => {
    const { time, governor } = governed();
    time.now = START + 10 * MINUTE + 5_000;
    ask(governor, 50);
    time.now = START + 5_000;
    expect(governor.waitMs(1)).toBe(55_000);
    for (const minute of [1, 2]) {
      time.now = START + minute * MINUTE + 1_000;
      expect(governor.used).toBe(0);
      expect(ask(governor, 50)).toBe(true);
      expect(ask(governor, 1)).toBe(false);
    }
  });

  test('a clock set back across a boundary keeps the use of the previous minute', () => {
    const { time, governor } = governed();
    ask(governor, 48);
    time.now = START + MINUTE + 100;
    ask(governor, 1);
    time.now = START + MINUTE - 100;
    expect(governor.used).toBe(49);
    expect(ask(governor, 2)).toBe(false);
  });

  test('uses the limit that the venue names', () => {
    const { governor } = governed();
    governor.limitPerMinute = 6_000;
    expect(governor.budget).toBe(3_000);
  });
});

describe('a refusal', () => {
  test('429: nothing is sent for the time the venue names; then the budget is smaller and recovers', () => {
    const { time, governor } = governed();
    ask(governor, 1, { refusal: { code: 'LIMITED', retryAfterMs: 10_000 } });
    expect(governor.blockedMs).toBe(11_000);
    expect(ask(governor, 1)).toBe(false);
    time.now += 10_999;
    expect(ask(governor, 1)).toBe(false);
    time.now += 1;
    expect(ask(governor, 1)).toBe(true);
    expect(governor.budget).toBe(25);
    time.now = START + MINUTE;
    governor.waitMs(1);
    expect(governor.budget).toBe(25);
    time.now = START + 2 * MINUTE;
    governor.waitMs(1);
    expect(governor.budget).toBe(30);
    time.now = START + 20 * MINUTE;
    governor.waitMs(1);
    expect(governor.budget).toBe(50);
  });

  test('429 without a time: until the next minute', () => {
    const { governor } = governed();
    ask(governor, 1, { refusal: { code: 'LIMITED' } });
    expect(governor.blockedMs).toBe(56_000);
  });

  test('418: the wait is at least two minutes, or the named time; a later, shorter time does not end it', () => {
    const { governor } = governed();
    const [first, second] = [governor.begin(1), governor.begin(1)];
    if (!first || !second) throw new Error('not begun');
    governor.end(first, { refusal: { code: 'BANNED' } });
    expect(governor.blockedMs).toBe(121_000);
    governor.end(second, { refusal: { code: 'LIMITED', retryAfterMs: 1_000 } });
    expect(governor.blockedMs).toBe(121_000);
    const { governor: other } = governed();
    ask(other, 1, { refusal: { code: 'BANNED', retryAfterMs: 259_200_000 } });
    expect(other.blockedMs).toBe(259_201_000);
  });
});

interface Request {
  readonly gapMs: number;
  readonly weight: number;
  readonly takesMs: number;
  /** When the venue counts it, between begin and end. */
  readonly countedAt: number;
  /** The venue's clock minus ours at that time, ms. */
  readonly skewMs: number;
  readonly refusal: 'LIMITED' | 'BANNED' | undefined;
}

/** Dense enough to use up the budget of every minute, so that the test reaches its edges. */
const request: fc.Arbitrary<Request> = fc.record({
  gapMs: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 900 }) }, fc.integer({ min: 0, max: 20_000 })),
  weight: fc.constantFrom(1, 2, 5, 10, 20, 40),
  takesMs: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 900 }) }, fc.integer({ min: 1, max: 90_000 })),
  countedAt: fc.double({ min: 0, max: 1, noNaN: true }),
  skewMs: fc.integer({ min: -999, max: 999 }),
  refusal: fc.oneof(
    { weight: 200, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom('LIMITED', 'BANNED') },
  ),
});

describe('whatever happens', () => {
  test('the venue counts no more than the budget in any of its minutes, however requests overlap', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 100, maxLength: 300 }), fc.boolean(), (requests, hasHeader) => {
        const { time, governor } = governed(0.6, 200);
        const counted = new Map<number, number>();
        const ends: { atMs: number; run: () => void }[] = [];
        const endUntil = (nowMs: number): void => {
          ends.sort((a, b) => a.atMs - b.atMs);
          while (ends[0] !== undefined && ends[0].atMs <= nowMs) {
            const due = ends.shift();
            time.now = Math.max(time.now, due?.atMs ?? 0);
            due?.run();
          }
          time.now = Math.max(time.now, nowMs);
        };
        for (const { gapMs, weight, takesMs, countedAt, skewMs, refusal } of requests) {
          endUntil(time.now + gapMs);
          // Waits exactly as long as the governor says, like a caller.
          for (let waitMs = governor.waitMs(weight); waitMs > 0; waitMs = governor.waitMs(weight)) {
            endUntil(time.now + waitMs);
          }
          const ticket = governor.begin(weight);
          if (ticket === undefined) continue;
          const minute = Math.floor((time.now + takesMs * countedAt + skewMs) / MINUTE);
          const sum = (counted.get(minute) ?? 0) + weight;
          counted.set(minute, sum);
          const end = refusal
            ? { refusal: { code: refusal, retryAfterMs: 3_000 } }
            : { usedWeight: hasHeader ? sum : undefined };
          ends.push({ atMs: time.now + takesMs, run: () => governor.end(ticket, end) });
        }
        for (const sum of counted.values()) expect(sum).toBeLessThanOrEqual(120);
      }),
      { numRuns: 200 },
    );
  });

  test('without refusals every request is sent within two minutes, however the clock is set', () => {
    const move = fc.record({
      byMs: fc.integer({ min: -900_000, max: 90_000 }),
      weight: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(move, { minLength: 1, maxLength: 100 }), (moves) => {
        const { time, governor } = governed();
        for (const { byMs, weight } of moves) {
          time.now += byMs;
          const asked = time.now;
          for (let waitMs = governor.waitMs(weight); waitMs > 0; waitMs = governor.waitMs(weight)) {
            time.now += waitMs;
            expect(time.now - asked).toBeLessThanOrEqual(2 * MINUTE + 1_000);
          }
          expect(ask(governor, weight)).toBe(true);
        }
      }),
    );
  });

  test('nothing is sent during a refusal, and requests go out afterwards', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600_000 }), fc.array(fc.integer({ min: 0, max: 70_000 })), (ms, steps) => {
        const { time, governor } = governed();
        ask(governor, 1, { refusal: { code: 'BANNED', retryAfterMs: ms } });
        const until = time.now + ms;
        for (const step of steps) {
          time.now += step;
          if (time.now <= until) expect(governor.begin(1)).toBeUndefined();
        }
        time.now = until + 2 * MINUTE;
        expect(governor.begin(1)).toBeDefined();
      }),
    );
  });
});
