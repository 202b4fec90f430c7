import { describe, expect, it } from 'vitest';
import { recentCrashes, restartDelayMs } from './restart-policy.ts';

describe('restartDelayMs', () => {
  it('is 0 for the first two crashes within a minute, then doubles up to 30 s', () => {
    const crashes: number[] = [];
    const delays = Array.from({ length: 10 }, (_, index) => {
      crashes.push(1_000_000 + index);
      return restartDelayMs(crashes, 1_000_000 + index);
    });
    expect(delays).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('ignores crashes older than a minute', () => {
    const crashes = [0, 1, 2, 3, 60_002];
    expect(recentCrashes(crashes, 60_002)).toEqual([3, 60_002]);
    expect(restartDelayMs(crashes, 60_002)).toBe(0);
    expect(restartDelayMs([...crashes, 60_003], 60_002)).toBe(1_000);
  });
});
