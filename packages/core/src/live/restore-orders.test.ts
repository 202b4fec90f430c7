import { expect, test } from 'vitest';
import { LiveHarness } from '../testing/live-harness.ts';

test('a resting exit ends after two starts with a clock that was set back', () => {
  const live = new LiveHarness().start().enter('a').exit('x', { exit_reason: 'TAKE_PROFIT' });
  live.nowMs -= 3_600_000;
  live.venue.isDown = true;
  live.restart().restart();
  live.venue.isDown = false;
  live.run(60_000);
  expect(live.answersTo('x').at(-1)).toBe('FILLED');
  expect([live.position, live.venue.position]).toEqual([0, 0]);
});
