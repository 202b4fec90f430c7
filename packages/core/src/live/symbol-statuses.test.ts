import { describe, expect, it } from 'vitest';
import { LiveHarness } from '../testing/live-harness.ts';

const SYMBOL = 'BTCUSDT';
const HOUR_MS = 3_600_000;

/** The venue says what it lets trade. */
function say(live: LiveHarness, status: string, closeInMs?: number): LiveHarness {
  const end = closeInMs === undefined ? {} : { closeBeforeTs: live.nowMs + closeInMs };
  live.venue.tell({
    kind: 'SYMBOL_STATUS',
    symbol: SYMBOL,
    status,
    canEnter: status === 'TRADING' && closeInMs === undefined,
    ...end,
  });
  return live.settle();
}

const alarms = (live: LiveHarness): string => live.trading.status(live.nowMs).differences.join();
const denials = (live: LiveHarness): unknown[] =>
  live.executions.flatMap((execution) => ('denial' in execution ? [execution.denial.code] : []));
const exits = (live: LiveHarness) =>
  live.executions.filter(({ purpose, answer }) => purpose === 'EXIT' && answer === 'FILLED');

describe('a symbol that the venue closes', () => {
  it.each([
    ['is halted', 'TRADING_HALT', undefined],
    ['settles', 'SETTLING', 0],
    ['will be delisted', 'TRADING', 100 * HOUR_MS],
  ])('takes no entry while it %s, and takes them again afterwards', (_name, status, closeInMs) => {
    const live = say(new LiveHarness().start(), status, closeInMs).enter('a').run(500);
    expect(denials(live)).toEqual(['SYMBOL_NOT_TRADING']);
    expect(live.venue.taken).toEqual([]);
    say(live, 'TRADING').enter('b').run(500);
    expect(live.answersTo('b')).toEqual(['FILLED']);
  });

  it('cancels the entry that rests there', () => {
    const live = new LiveHarness({ entry_style: 'maker' }).start().enter('a').run(500);
    say(live, 'TRADING_HALT').run(1_000);
    expect(live.answersTo('a')).toEqual(['OPEN', 'CANCELLED']);
  });

  it('closes its position at the market an hour before the end, once, with an alarm', () => {
    const live = say(new LiveHarness().start().enter('a').run(500), 'TRADING', HOUR_MS + 5_000);
    expect(alarms(live)).toContain('its position stays');
    live.run(4_900);
    expect(live.position).toBe(1);
    live.run(1_000);
    expect([live.venue.position, live.position, live.venue.stops.resting().length]).toEqual([0, 0, 0]);
    expect(exits(live)).toMatchObject([{ signal: { exit_reason: 'SESSION_END' } }]);
    expect(exits(live)[0]?.signal?.reason).toContain('its status is TRADING');
    expect(alarms(live)).toBe('BTCUSDT: its status is TRADING; its position is closed');
    live.run(600_000);
    expect(alarms(live)).toBe('');
    expect(live.venue.taken).toHaveLength(2);
  });

  it.each(['LONG', 'SHORT'] as const)('closes a %s at once while it settles', (direction) => {
    const stop_loss = direction === 'LONG' ? 95 : 105;
    const live = say(new LiveHarness().start().enter('a', { direction, stop_loss }).run(500), 'PRE_SETTLE', 0).run(500);
    expect([live.venue.position, live.position]).toEqual([0, 0]);
  });

  it('keeps position and stop while it is only halted', () => {
    const live = say(new LiveHarness().start().enter('a').run(500), 'TRADING_HALT').run(30_000);
    expect([live.position, live.venue.stops.resting().length, live.venue.taken.length]).toEqual([1, 1, 1]);
    expect(alarms(live)).toContain('TRADING_HALT; its position stays');
  });

  it('keeps the stop and tries again while the venue fills no close', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    live.venue.depth = 0;
    say(live, 'TRADING_HALT', 0).run(60_000);
    expect([live.position, live.venue.stops.resting().length]).toEqual([1, 1]);
    expect(live.venue.taken.length).toBeLessThan(30);
    live.venue.depth = 10;
    live.run(6_000);
    expect([live.venue.position, live.position, live.venue.stops.resting().length]).toEqual([0, 0, 0]);
  });

  it('leaves the position of somebody else alone', () => {
    const live = new LiveHarness().start();
    live.venue.trade(2, 'web_1', live.nowMs);
    say(live.run(60_000), 'SETTLING', 0).run(5_000);
    expect([live.venue.position, live.venue.taken.length]).toEqual([2, 0]);
  });
});
