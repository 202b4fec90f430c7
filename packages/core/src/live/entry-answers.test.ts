import { describe, expect, it } from 'vitest';
import { LiveHarness } from '../testing/live-harness.ts';

const SYMBOL = 'BTCUSDT';
const HOUR_MS = 3_600_000;
const placed = (live: LiveHarness): number => live.commands.filter(({ kind }) => kind === 'PLACE_ORDER').length;

describe('a final answer of the venue', () => {
  it('to a refused entry is passed on at once', () => {
    const live = new LiveHarness().start();
    live.venue.faults.push('SILENT');
    live.enter('a');
    const [order] = live.commands.flatMap((command) => (command.kind === 'PLACE_ORDER' ? command.order : []));
    const refusal = { ts_event: live.nowMs, code: '-2019', message: 'Margin is insufficient.' };
    const event = { kind: 'REJECTED', client_order_id: order?.clientOrderId ?? '', ...refusal } as const;
    live.trading.onNews({ kind: 'ORDER', symbol: SYMBOL, event }, live.nowMs);
    expect(live.trading.takeExecutions().map(({ answer }) => answer)).toEqual(['REJECTED']);
    expect(live.trading.takeCommands()).toEqual([]);
  });

  it('to an entry that nobody filled is passed on at once', () => {
    const live = new LiveHarness().start();
    live.venue.depth = 0;
    live.enter('a');
    expect(live.answersTo('a')).toEqual(['EXPIRED']);
  });

  it('that a post-only entry would have taken is followed by another order after a pause', () => {
    const live = new LiveHarness({ entry_style: 'maker' }).start();
    const entry = live.entry(live.signal('a', { direction: 'LONG', stop_loss: 95 }), 1);
    live.venue.ask = live.venue.bid;
    live.trading.onEntry(entry, live.nowMs);
    live.settle();
    expect([placed(live), live.answersTo('a')]).toEqual([1, []]);
    live.venue.ask = live.venue.bid + 0.2;
    live.run(200);
    expect([placed(live), live.answersTo('a')]).toEqual([2, ['OPEN']]);
  });
});

describe('a signal that is delivered again when its id is forgotten', () => {
  it.each([
    ['an hour later', 0],
    ['after the clock was set back two hours', -2 * HOUR_MS],
  ])('enters nothing %s', (_when, clockMs) => {
    const live = new LiveHarness().start();
    const signal = live.signal('a', { direction: 'LONG', stop_loss: 95 });
    const entry = live.entry(signal, 1);
    live.trading.onEntry(entry, live.nowMs);
    live.settle().run(1_000).exit('x').run(1_000);
    live.nowMs += HOUR_MS;
    live.run(1_000);
    live.nowMs += clockMs;
    live.run(2_000);
    const before = placed(live);
    live.trading.onEntry(entry, live.nowMs);
    live.settle().run(1_000);
    expect([placed(live) - before, live.position, live.venue.position]).toEqual([0, 0, 0]);
  });

  it('closes no later position', () => {
    const live = new LiveHarness().start().enter('a').run(1_000);
    const exit = live.signal('x', { direction: 'EXIT_LONG', exit_reason: 'TIME_EXIT' });
    live.trading.onExit(exit, live.nowMs);
    live.settle().run(1_000);
    live.nowMs += HOUR_MS;
    live.run(1_000).enter('b').run(1_000);
    live.trading.onExit(exit, live.nowMs);
    live.settle().run(1_000);
    expect([live.position, live.venue.position]).toEqual([1, 1]);
  });

  it('enters nothing in a new process whose Redis lost the answers', () => {
    const live = new LiveHarness().start();
    const entry = live.entry(live.signal('a', { direction: 'LONG', stop_loss: 95 }), 1);
    live.trading.onEntry(entry, live.nowMs);
    live.settle().run(1_000).exit('x').run(1_000);
    live.nowMs += HOUR_MS;
    live.loseRedis().run(1_000);
    const before = placed(live);
    live.trading.onEntry(entry, live.nowMs);
    live.settle().run(30_000);
    expect([placed(live) - before, live.position, live.venue.position]).toEqual([0, 0, 0]);
  });
});
