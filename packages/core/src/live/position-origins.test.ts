import { describe, expect, it } from 'vitest';
import { LiveHarness } from '../testing/live-harness.ts';
import { liveOrderId } from './live-order-id.ts';

const SYMBOL = 'BTCUSDT';
const resting = (live: LiveHarness) => live.venue.stops.resting().map(({ quantity }) => quantity);

/** A trade on the account that no event tells. */
function unheard(live: LiveHarness, signedQuantity: number, clientOrderId = 'web_lost'): void {
  const earlier = live.venue.takeNews();
  live.venue.trade(signedQuantity, clientOrderId, live.nowMs);
  live.venue.takeNews();
  for (const news of earlier) live.venue.tell(news);
}

/** A trade by hand with all its events. */
function heard(live: LiveHarness, signedQuantity: number, clientOrderId = 'web_heard'): void {
  const fill = live.venue.trade(signedQuantity, clientOrderId, live.nowMs);
  const action = signedQuantity > 0 ? 'BUY' : 'SELL';
  live.venue.tell({ kind: 'FOREIGN_FILL', symbol: SYMBOL, action, fill });
  live.settle();
}

const entryId = (signal: string) => liveOrderId(signal, 'ENTRY', 1, 'a');
const exitId = (signal: string) => liveOrderId(signal, 'EXIT', 1, 'a');

describe.each([1, -1])('a position of sign %s', (sign) => {
  const entered = () =>
    new LiveHarness()
      .start()
      .enter('a', { direction: sign > 0 ? 'LONG' : 'SHORT', stop_loss: 100 - sign * 5 })
      .run(500);
  const ours = (live: LiveHarness) => live.position * sign + 0;

  it('is whole again after an unheard trade by hand and a heard opposite one', () => {
    const live = entered();
    unheard(live, sign * 0.5);
    heard(live, -sign * 0.5);
    live.run(60_000);
    expect([ours(live), live.venue.position * sign, resting(live)]).toEqual([1, 1, [1]]);
    expect(live.trading.status(live.nowMs).foreign_positions).toEqual([]);
  });

  it('is whole again after an unheard trade by hand and a heard opposite one of its size', () => {
    const live = entered();
    unheard(live, sign);
    heard(live, -sign);
    live.run(60_000);
    expect([ours(live), live.venue.position * sign, resting(live)]).toEqual([1, 1, [1]]);
  });

  it('has what a heard trade left of it after an unheard one', () => {
    const live = entered();
    unheard(live, sign);
    heard(live, -sign * 1.5);
    live.run(60_000);
    expect([ours(live), live.venue.position * sign, resting(live)]).toEqual([0.5, 0.5, [0.5]]);
    expect(live.trading.status(live.nowMs).differences).toEqual([]);
  });

  it('takes over a lost entry and a lost exit together', () => {
    const live = entered();
    unheard(live, sign * 0.5, entryId('lost'));
    unheard(live, -sign * 0.3, exitId('lost'));
    live.run(60_000);
    expect([ours(live), live.venue.position * sign, resting(live)]).toEqual([1.2, 1.2, [1.2]]);
  });

  it('of two entries is reduced to what the venue has', () => {
    const live = entered();
    unheard(live, sign, entryId('lost'));
    live.run(60_000);
    expect(ours(live)).toBe(2);
    live.venue.failsTrades = true;
    unheard(live, -sign * 0.5);
    live.run(60_000);
    expect([ours(live), resting(live)]).toEqual([1.5, [1.5]]);
    unheard(live, -sign * 1.5);
    live.run(60_000);
    expect([ours(live), resting(live)]).toEqual([0, []]);
  });

  it('that flips by hand is closed, and the rest is somebody else’s', () => {
    const live = entered();
    unheard(live, -sign * 3);
    live.run(60_000);
    expect([ours(live), resting(live)]).toEqual([0, []]);
    expect(live.trading.status(live.nowMs).foreign_positions).toEqual([`${SYMBOL} ${-sign * 2}`]);
  });

  it('keeps the part that trades by hand did not close, however they come', () => {
    const live = entered();
    heard(live, sign * 0.2);
    unheard(live, -sign * 0.3);
    heard(live, -sign * 0.4);
    live.run(60_000);
    expect([ours(live), live.venue.position * sign, resting(live)]).toEqual([0.5, 0.5, [0.5]]);
  });
});

it('somebody who trades every second beside our position costs few snapshots and no reading of trades', () => {
  const live = new LiveHarness().start().enter('a').run(500);
  const sent = (kind: string) => live.commands.filter((command) => command.kind === kind).length;
  const [snapshots, readings] = [sent('TAKE_SNAPSHOT'), sent('READ_TRADES')];
  for (let turn = 0; turn < 60; turn += 1) {
    heard(live, turn % 2 === 0 ? 0.5 : -0.5);
    live.run(1_000);
  }
  expect(sent('TAKE_SNAPSHOT')).toBeLessThan(snapshots + 8);
  expect(sent('READ_TRADES')).toBe(readings);
  expect([live.position, live.venue.position, resting(live)]).toEqual([1, 1, [1]]);
});
