import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Child, type ChildState, createChild } from '../src/child.ts';

const NOW = 1_000_000;

/** The test controls only the wait before a restart; real processes start and end. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A process that crashes at once, with a record of its state changes. */
function crashingChild() {
  const waiting: ((change: { state: ChildState; delayMs: number | undefined }) => void)[] = [];
  const child: Child = createChild({
    name: 'crashing',
    command: process.execPath,
    args: ['-e', 'process.exit(1)'],
    env: {},
    cwd: '.',
    channel: false,
    onLine: () => {},
    onChange: ({ state }, delayMs) => waiting.shift()?.({ state, delayMs }),
    now: () => NOW,
  });
  const nextChange = () =>
    new Promise<{ state: ChildState; delayMs: number | undefined }>((resolve) => waiting.push(resolve));
  return { child, nextChange };
}

test('a crashed process restarts at once; from the third crash within a minute it restarts after a wait', async () => {
  const { child, nextChange } = crashingChild();
  let change = nextChange();
  child.start();
  expect(await change).toEqual({ state: 'STARTING', delayMs: undefined });
  for (const delayMs of [0, 0, 1_000, 2_000]) {
    expect(await nextChange()).toEqual({ state: 'RESTARTING', delayMs });
    change = nextChange();
    if (delayMs > 0) {
      await vi.advanceTimersByTimeAsync(delayMs - 1);
      expect(child.state).toBe('RESTARTING');
      await vi.advanceTimersByTimeAsync(1);
    } else {
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(await change).toEqual({ state: 'STARTING', delayMs: undefined });
  }
  expect(child.restarts).toBe(4);
  expect(await nextChange()).toEqual({ state: 'RESTARTING', delayMs: 4_000 });
  await child.stop(1_000);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(child.state).toBe('STOPPED');
  expect(child.restarts).toBe(4);
});
