import { describe, expect, it } from 'vitest';
import type { FakeLiveVenue } from '../testing/fake-live-venue.ts';
import { LiveHarness } from '../testing/live-harness.ts';
import { ownerOf } from './live-order-id.ts';

const SYMBOL = 'BTCUSDT';
const placed = (live: LiveHarness) => live.commands.filter(({ kind }) => kind === 'PLACE_ORDER').length;

/** Resting stops of the venue. */
const resting = ({ stops }: FakeLiveVenue) => stops.resting();

describe('an order of unknown outcome', () => {
  it('F1 is asked for, and never sent under another id', () => {
    const live = new LiveHarness().start();
    live.venue.faults.push('ANSWER_LOST');
    live.enter('a').run(1_000);
    expect(live.answersTo('a')).toEqual(['FILLED']);
    expect(live.venue.taken).toHaveLength(1);
    expect(live.position).toBe(1);
  });

  it('F33 is asked for soon if only its acknowledgement came: its stop rests within two seconds of the fill', () => {
    const live = new LiveHarness({ order_timeout_ms: 5_000 }).start();
    live.trading.prepare(SYMBOL, live.nowMs);
    live.settle().isDeaf = true;
    live.enter('a');
    const heard = live.venue.takeNews();
    for (const news of heard)
      if (news.kind === 'ORDER' && news.event.kind === 'ACCEPTED') live.trading.onNews(news, live.nowMs);
    live.isDeaf = false;
    live.run(1_500);
    expect(live.answersTo('a')).toEqual(['FILLED']);
    expect(resting(live.venue)).toHaveLength(1);
    expect(live.maxBareMs).toBeLessThan(2_000);
  });

  it('F2 freezes its symbol until the venue has proven that it does not exist', () => {
    const live = new LiveHarness().start();
    live.venue.faults.push('REQUEST_LOST');
    live.enter('a').run(5_000).enter('b');
    expect(live.answersTo('a')).toEqual([]);
    expect(live.answersTo('b')).toEqual(['DENIED']);
    expect(live.trading.status(live.nowMs).unknown_orders).toHaveLength(1);
    live.run(8_000);
    expect(live.answersTo('a')).toEqual(['EXPIRED']);
    expect(placed(live)).toBe(1);
  });

  it('stays unknown while the venue answers nothing, however long', () => {
    const live = new LiveHarness().start();
    live.venue.isDown = true;
    live.enter('a').run(300_000);
    expect(live.answersTo('a')).toEqual([]);
    live.venue.isDown = false;
    live.run(5_000);
    expect(live.answersTo('a')).toEqual(['EXPIRED']);
  });

  it('goes out again under the same id if the venue did not look at it, but not once it is old', () => {
    const live = new LiveHarness().start();
    live.venue.faults.push('NOT_SENT');
    live.enter('a').run(500);
    expect(live.answersTo('a')).toEqual(['FILLED']);
    live.exit('x').run(500);
    live.venue.faults = Array.from({ length: 80 }, () => 'NOT_SENT' as const);
    live.enter('b').run(20_000);
    expect(live.answersTo('b')).toEqual(['EXPIRED']);
    expect(live.venue.taken).toHaveLength(2);
  });
});

describe('F21 a restart while positions cannot be read', () => {
  it('covers the position that Redis has, because the stops can be read', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    live.venue.stops.forget();
    live.venue.hidesPositions = true;
    live.restart().run(300);
    expect(resting(live.venue)).toHaveLength(1);
    live.venue.hidesPositions = false;
    live.run(10_000);
    expect([resting(live.venue).length, live.position]).toEqual([1, 1]);
  });

  it('places no second stop beside one that rests', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    live.venue.hidesPositions = true;
    live.restart().run(10_000);
    expect(resting(live.venue)).toHaveLength(1);
    expect(live.commands.filter(({ kind }) => kind === 'PLACE_STOP')).toHaveLength(1);
  });
});

describe('an exit', () => {
  it('rests, then takes up to a limit, then takes at any price', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    live.exit('x', { exit_reason: 'TAKE_PROFIT' }).run(500);
    expect(live.answersTo('x')).toEqual(['OPEN']);
    live.run(4_000);
    expect(live.answersTo('x')).toEqual(['OPEN', 'FILLED']);
    const exits = [...live.venue.orders.values()].filter(({ order }) => order.reduceOnly);
    expect(exits.map(({ order }) => order.execution.type === 'LIMIT' && order.execution.timeInForce)).toEqual([
      'GTX',
      'IOC',
    ]);
  });

  it('F43 raises an alarm after bounded attempts, blocks entries, and goes on', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    live.venue.depth = 0;
    live.exit('x').run(20_000);
    const { blocked_by, differences } = live.trading.status(live.nowMs);
    expect(blocked_by.map(({ code }) => code)).toContain('EXIT_STUCK');
    expect(differences.join()).toContain('cannot be closed');
    live.venue.depth = 10;
    live.run(10_000);
    expect(live.answersTo('x')).toEqual(['FILLED']);
    expect(live.trading.status(live.nowMs).blocked_by).toEqual([]);
  });

  it('F18 cancels the entry of its position, and closes what filled meanwhile', () => {
    const live = new LiveHarness({ entry_style: 'maker' }).start().enter('a').run(500);
    expect(live.answersTo('a')).toEqual(['OPEN']);
    live.isDeaf = true;
    live.venue.move(-0.5, live.nowMs);
    live.exit('x');
    live.isDeaf = false;
    live.run(5_000);
    expect(live.answersTo('x')).toEqual(['DENIED']);
    expect([live.venue.position, live.position]).toEqual([0, 0]);
    expect(live.answersTo('a').at(-1)).toBe('FILLED');
    expect(resting(live.venue)).toEqual([]);
  });
});

describe('what others do on the account', () => {
  it('a stop that fires gives one exit with the reason, and leaves nothing behind', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    live.venue.move(-6, live.nowMs);
    live.run(3_000);
    const exits = live.executions.filter(({ purpose }) => purpose === 'EXIT');
    expect(exits.map(({ answer, signal }) => [answer, signal?.exit_reason])).toEqual([['FILLED', 'STOP_LOSS']]);
    expect([live.venue.position, live.position, resting(live.venue).length]).toEqual([0, 0, 0]);
  });

  it('F26 a liquidation is booked at its price, and entries wait for Start', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    const fill = live.venue.trade(-1, 'autoclose-7', live.nowMs);
    const forced = { cause: 'LIQUIDATION', symbol: SYMBOL, action: 'SELL', fill } as const;
    live.venue.tell({ kind: 'FORCED_FILL', ...forced });
    live.run(2_000).enter('b');
    const exit = live.executions.find(({ purpose }) => purpose === 'EXIT');
    expect(exit).toMatchObject({
      answer: 'FILLED',
      fill: { price: fill.price },
      signal: { exit_reason: 'LIQUIDATION' },
    });
    expect(live.answersTo('b')).toEqual(['DENIED']);
    live.trading.onTradingState('REDUCING', false, live.nowMs);
    live.trading.onTradingState('ACTIVE', false, live.nowMs);
    live.enter('c').run(500);
    expect(live.answersTo('c')).toEqual(['FILLED']);
  });

  it('F25 a position of somebody else is shown, never touched, and blocks its symbol', () => {
    const live = new LiveHarness().start();
    live.venue.trade(2, 'web_1', live.nowMs);
    live.run(60_000).enter('a').run(5_000);
    live.trading.onTradingState('REDUCING', true, live.nowMs);
    live.run(5_000);
    expect(live.venue.position).toBe(2);
    expect(live.trading.status(live.nowMs)).toMatchObject({ foreign_positions: ['BTCUSDT 2'], is_proven_flat: true });
    expect(live.answersTo('a')).toEqual(['DENIED']);
    expect(placed(live)).toBe(0);
  });

  it('F38 a position that is gone without a word is booked by the trade that closed it', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    const { trade_id } = live.venue.trade(-1, 'web_2', live.nowMs);
    live.venue.takeNews();
    live.run(60_000);
    expect(live.position).toBe(0);
    const exits = live.executions.filter(({ purpose }) => purpose === 'EXIT');
    expect(exits).toMatchObject([{ answer: 'FILLED', fill: { trade_id } }]);
    expect(live.trading.status(live.nowMs).differences).toEqual([]);
  });

  it('a position that is gone for an unknown cause is booked once, at the mark price, with an alarm', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    live.venue.failsTrades = true;
    live.isDeaf = true;
    live.venue.trade(-1, 'web_2', live.nowMs);
    live.venue.takeNews();
    live.isDeaf = false;
    live.run(60_000);
    expect(live.position).toBe(0);
    expect(live.executions.filter(({ purpose }) => purpose === 'EXIT')).toHaveLength(1);
    expect(live.trading.status(live.nowMs).differences.join()).toContain('no longer has');
  });
});

describe('a machine that was asleep for ten minutes', () => {
  it('F44 sends no old entry, keeps its position covered, and settles an order of unknown outcome', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    live.venue.faults.push('SILENT');
    live.exit('x');
    live.nowMs += 600_000;
    live.enter('b', { timestamp: live.nowMs - 600_000 }).run(3_000);
    expect(live.answersTo('b')).toEqual(['EXPIRED']);
    expect(live.answersTo('x')).toEqual(['FILLED']);
    expect([live.venue.position, live.position, live.venue.taken.length]).toEqual([0, 0, 2]);
  });
});

describe('the trading state', () => {
  it('F48 flattens once, proven by a later snapshot, also if it is asked twice', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    live.trading.onTradingState('REDUCING', true, live.nowMs);
    live.trading.onTradingState('REDUCING', true, live.nowMs);
    live.settle();
    expect(live.trading.status(live.nowMs).is_proven_flat).toBe(false);
    live.run(5_000);
    expect(live.trading.status(live.nowMs).is_proven_flat).toBe(true);
    expect([live.venue.position, live.venue.taken.length, resting(live.venue).length]).toEqual([0, 2, 0]);
  });

  it('cancels a working entry when it leaves ACTIVE', () => {
    const live = new LiveHarness({ entry_style: 'maker' }).start().enter('a').run(500);
    live.trading.onTradingState('REDUCING', false, live.nowMs);
    live.run(1_000);
    expect(live.answersTo('a')).toEqual(['OPEN', 'CANCELLED']);
    expect(live.venue.snapshot(live.nowMs).orders).toEqual([]);
  });
});

describe('a new process', () => {
  it('F22 adopts a position by its stop even if Redis is empty, with the same id each time', () => {
    const ids = [1, 2].map(() => {
      const live = new LiveHarness().start().enter('a').run(500);
      live.loseRedis().run(3_000);
      expect(live.position).toBe(1);
      expect(resting(live.venue)).toHaveLength(1);
      return live.trading.positionUpdate(SYMBOL, live.nowMs).positions[0]?.signal_id;
    });
    expect(ids[0]).toMatch(/-adopted$/);
    expect(ids[1]).toBe(ids[0]);
  });

  it('does not send an entry again that was sent before the kill', () => {
    const live = new LiveHarness().start();
    const entry = live.entry(live.signal('a', { direction: 'LONG', stop_loss: 95 }), 1);
    live.trading.onEntry(entry, live.nowMs);
    live.settle().loseRedis();
    live.trading.onEntry(entry, live.nowMs);
    live.run(3_000);
    expect(live.venue.taken).toHaveLength(1);
    expect([live.venue.position, live.position]).toEqual([1, 1]);
  });

  it('only the fleet’s own tag counts as ours', () => {
    const live = new LiveHarness({ instance: 'b2' }).start().enter('a').run(500);
    expect(live.venue.taken.map((id) => ownerOf(id, 'b2'))).toEqual(['OURS']);
  });
});

describe('a restart under another risk.stop_loss_atr', () => {
  it.each([1, 8])('%s lets an open position trail by the ATR of its entry', (stop_loss_atr) => {
    const stopAfter = (changed: { stop_loss_atr?: number }) => {
      const live = new LiveHarness().start().enter('a', { stop_loss: 99 }).run(500).restart(changed);
      Object.assign(live.venue, { bid: 119.9, ask: 120.1 });
      live.run(3_000);
      return resting(live.venue).map(({ triggerPrice }) => triggerPrice);
    };
    const [stop = 0] = stopAfter({});
    expect(stop).toBeGreaterThan(100);
    expect(stopAfter({ stop_loss_atr })).toEqual([stop]);
  });
});
