import { describe, expect, it } from 'vitest';
import type { Failure } from '../src/reddit-answer.ts';
import { RequestPace } from '../src/request-pace.ts';

const NOW = 1_700_000_000_000;

/** Waits after each of some failures in a row, seconds. */
function waitsOf(failures: readonly Failure[], retryAfterMs = 0): number[] {
  const pace = new RequestPace();
  let nowMs = NOW;
  return failures.map((failure) => {
    pace.onFailure(failure, nowMs, retryAfterMs);
    const waitMs = pace.waitMs(nowMs);
    nowMs += waitMs;
    return waitMs / 1_000;
  });
}

describe('RequestPace', () => {
  it('waits twice as long after each failure in a row, up to a quarter of an hour', () => {
    const waits = [5, 10, 20, 40, 80, 160, 320, 640, 900, 900];
    for (const failure of ['UNREACHABLE', 'BLOCKED'] as const) {
      expect(waitsOf(Array(10).fill(failure))).toEqual(waits);
    }
  });

  it('restarts after a success', () => {
    const pace = new RequestPace();
    pace.onFailure('TIMEOUT', NOW);
    pace.onFailure('TIMEOUT', NOW + 5_000);
    pace.onSuccess();
    pace.onFailure('TIMEOUT', NOW + 60_000);
    expect(pace.waitMs(NOW + 60_000)).toBe(5_000);
  });

  it('waits as long as Reddit asks, an hour at most', () => {
    expect(waitsOf(['RATE_LIMITED', 'SERVER_ERROR'], 120_000)).toEqual([120, 120]);
    expect(waitsOf(['RATE_LIMITED'], 1e12)).toEqual([3_600]);
  });

  it('waits ten minutes if the credentials are refused, and not at all if one thing is private', () => {
    expect(waitsOf(['BAD_CREDENTIALS', 'CLOSED', 'FORBIDDEN', 'STOPPED'])).toEqual([600, 0, 0, 0]);
  });
});
