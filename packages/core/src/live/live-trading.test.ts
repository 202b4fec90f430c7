import { describe, expect, it } from 'vitest';
import { LiveHarness } from '../testing/live-harness.ts';

describe('live trading', () => {
  it('opens at the market, covers the position and closes it, with one final answer each', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    expect(live.venue.position).toBe(1);
    expect(live.position).toBe(1);
    live.exit('x').run(500);
    expect(live.venue.position).toBe(0);
    expect(live.position).toBe(0);
    expect(live.answersTo('a')).toEqual(['FILLED']);
    expect(live.answersTo('x')).toEqual(['FILLED']);
    expect(live.venue.taken).toHaveLength(2);
  });

  it('takes no entry before the account is compared, and none while trading is not ACTIVE', () => {
    const live = new LiveHarness();
    live.enter('a');
    live.start().trading.onTradingState('REDUCING', false, live.nowMs);
    live.enter('b');
    expect(live.answersTo('a')).toEqual(['DENIED']);
    expect(live.answersTo('b')).toEqual(['DENIED']);
    expect(live.venue.taken).toEqual([]);
  });
});
