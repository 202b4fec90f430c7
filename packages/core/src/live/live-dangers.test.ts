import { describe, expect, it } from 'vitest';
import { addQuantity } from '../price/significant-digits.ts';
import { LiveHarness } from '../testing/live-harness.ts';

const SYMBOL = 'BTCUSDT';
const sent = (live: LiveHarness, kind: string) => live.commands.filter((command) => command.kind === kind).length;

describe('a query that fails at once', () => {
  it('is repeated with growing pauses: a ban must not turn into a loop', () => {
    const live = new LiveHarness().start();
    live.venue.faults.push('REQUEST_LOST');
    live.venue.failsQueries = true;
    live.enter('a').run(10_000);
    expect(sent(live, 'QUERY_ORDER')).toBeLessThan(12);
    live.venue.failsQueries = false;
    live.run(8_000);
    expect(live.answersTo('a')).toEqual(['EXPIRED']);
  });
});

describe('the liquidation price of an earlier position', () => {
  it.each(['LONG', 'SHORT'] as const)('moves no stop of a %s position that follows', (direction) => {
    const live = new LiveHarness().start();
    const sign = direction === 'LONG' ? 1 : -1;
    const [before, exit] = direction === 'LONG' ? (['SHORT', 'EXIT_SHORT'] as const) : (['LONG', 'EXIT_LONG'] as const);
    live.venue.liquidationPrice = 100 + sign * 20;
    live.enter('a', { direction: before, stop_loss: 100 + sign * 5 }).run(20_000);
    live.exit('x', { direction: exit }).run(500);
    live.enter('b', { direction, stop_loss: 100 - sign * 5 }).run(2_000);
    expect(live.position).toBe(sign);
    expect(live.trading.positionUpdate(SYMBOL, live.nowMs).positions[0]?.cover?.stop_price).toBe(100 - sign * 5);
    expect(live.trading.positionUpdate(SYMBOL, live.nowMs).positions[0]?.liquidation_price).toBeUndefined();
  });
});

describe('an entry that waits', () => {
  it('is not sent once the process may not enter any more', () => {
    const live = new LiveHarness().start();
    live.isDeaf = true;
    live.enter('a');
    live.trading.onProcessBlocks([{ code: 'LEASE', reason: 'another process has it' }]);
    live.isDeaf = false;
    live.run(3_000);
    expect(live.answersTo('a')).toEqual(['CANCELLED']);
    expect(live.venue.taken).toEqual([]);
  });

  it('is not sent again after the venue did not look at it, once events are missing', () => {
    const live = new LiveHarness().start();
    live.venue.faults.push('NOT_SENT');
    live.enter('a');
    live.trading.onNews({ kind: 'USER_STREAM', isOpen: false, reason: 'gap' }, live.nowMs);
    live.run(3_000);
    expect(live.answersTo('a')).toEqual(['CANCELLED']);
    expect(live.venue.taken).toEqual([]);
  });
});

describe('what somebody else adds to our position', () => {
  it('costs no snapshot every two seconds', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    live.venue.trade(1, 'web_1', live.nowMs);
    live.run(20_000);
    const before = sent(live, 'TAKE_SNAPSHOT');
    live.run(120_000);
    expect(sent(live, 'TAKE_SNAPSHOT') - before).toBeLessThan(6);
    expect([live.position, live.venue.position]).toEqual([1, 2]);
  });
});

describe('a trade by hand on the symbol of a position', () => {
  it.each(['LONG', 'SHORT'] as const)('that is opened and closed leaves our %s position and its stop', (direction) => {
    const live = new LiveHarness().start();
    const sign = direction === 'LONG' ? 1 : -1;
    live.enter('a', { direction, stop_loss: 100 - sign * 5 }).run(500);
    for (const quantity of [sign, -sign / 2, -sign / 2]) {
      const fill = live.venue.trade(quantity, 'web_1', live.nowMs);
      live.venue.tell({ kind: 'FOREIGN_FILL', symbol: SYMBOL, action: quantity > 0 ? 'BUY' : 'SELL', fill });
      live.settle();
    }
    live.run(60_000);
    expect([live.position, live.venue.position, live.venue.stops.quantity()]).toEqual([sign, sign, 1]);
    const fill = live.venue.trade(-sign, 'web_2', live.nowMs);
    live.venue.tell({ kind: 'FOREIGN_FILL', symbol: SYMBOL, action: sign > 0 ? 'SELL' : 'BUY', fill });
    live.settle();
    expect(live.position).toBe(0);
  });
});

describe('an entry that takes after it rested', () => {
  it('takes nothing without a fresh price', () => {
    const live = new LiveHarness({ entry_style: 'maker_then_taker', maker_timeout_ms: 15_000 }).start();
    live.enter('a').run(500);
    for (let passed = 0; passed < 20_000; passed += 100) {
      live.nowMs += 100;
      live.trading.onTimer(live.nowMs);
      live.settle();
    }
    expect(live.answersTo('a')).toEqual(['OPEN', 'EXPIRED']);
    expect(live.venue.position).toBe(0);
  });
});

describe('a stop price between two ticks', () => {
  it.each([
    ['LONG', 95.03, 95],
    ['SHORT', 104.93, 105],
  ] as const)('of a %s position is placed on the tick, once', (direction, stop_loss, triggerPrice) => {
    const live = new LiveHarness().start().enter('a', { direction, stop_loss }).run(10_000);
    expect(live.venue.stops.resting()).toMatchObject([{ triggerPrice }]);
    expect(sent(live, 'PLACE_STOP')).toBe(1);
  });
});

describe('an entry that fills after its proof of absence', () => {
  it.each(['LONG', 'SHORT'] as const)('is covered together with the %s position that followed', (direction) => {
    const live = new LiveHarness().start();
    const sign = direction === 'LONG' ? 1 : -1;
    const stop_loss = 100 - sign * 5;
    live.venue.faults.push('REQUEST_LOST');
    live.enter('a', { direction, stop_loss }).run(15_000).enter('b', { direction, stop_loss }).run(500);
    const placed = live.commands.find((command) => command.kind === 'PLACE_ORDER');
    const event = live.venue.trade(sign, placed?.kind === 'PLACE_ORDER' ? placed.order.clientOrderId : '', live.nowMs);
    live.venue.tell({ kind: 'ORDER', symbol: SYMBOL, event });
    live.settle().run(40_000);
    expect([live.position, live.venue.position, live.venue.stops.quantity()]).toEqual([2 * sign, 2 * sign, 2]);
    expect(live.trading.status(live.nowMs).differences).toEqual([]);
  });
});

describe('a reduction that a restart interrupts', () => {
  /** A free margin of 14 %: most of the position, but not all of it, is missing for a free margin above the warning. */
  const CRITICAL = { availableBalance: 1_400, initialMargin: 8_600 };

  it.each([
    ['its order is in doubt', 'SILENT'],
    ['its order never arrived', 'REQUEST_LOST'],
  ] as const)('closes the step that was asked for, and no more, if %s', (_what, fault) => {
    const live = new LiveHarness().start().enter('a', {}, 100).run(20_000);
    live.venue.balance = CRITICAL;
    live.venue.faults.push(fault);
    live.trading.onNews({ kind: 'SNAPSHOT', snapshot: live.venue.snapshot(live.nowMs) }, live.nowMs);
    live.run(600);
    const sent = live.commands.findLast((command) => command.kind === 'PLACE_ORDER');
    const step = sent?.kind === 'PLACE_ORDER' && sent.order.reduceOnly ? sent.order.quantity : Number.NaN;
    expect(step).toBeLessThan(100);
    live.venue.balance = {};
    live.restart().run(20_000);
    const left = addQuantity(100, -step);
    expect([live.position, live.venue.position, live.venue.stops.quantity()]).toEqual([left, left, left]);
  });
});

describe('a stop that covers two positions', () => {
  it.each(['LONG', 'SHORT'] as const)('closes both %s positions at once, with one answer per trade', (direction) => {
    const live = new LiveHarness().start();
    const sign = direction === 'LONG' ? 1 : -1;
    const stop_loss = 100 - sign * 5;
    live.venue.faults.push('REQUEST_LOST');
    live.enter('a', { direction, stop_loss }).run(15_000).enter('b', { direction, stop_loss }).run(500);
    const placed = live.commands.find((command) => command.kind === 'PLACE_ORDER');
    const event = live.venue.trade(sign, placed?.kind === 'PLACE_ORDER' ? placed.order.clientOrderId : '', live.nowMs);
    live.venue.tell({ kind: 'ORDER', symbol: SYMBOL, event });
    live.settle().run(2_000);
    live.venue.move(-sign * 6, live.nowMs);
    live.settle();
    expect([live.position, live.venue.position]).toEqual([0, 0]);
    live.run(20_000);
    const exits = live.executions.filter(({ purpose }) => purpose === 'EXIT');
    expect(exits).toMatchObject([{ answer: 'FILLED', fill: { quantity: 2 } }]);
  });

  it.each([
    ['a liquidation', 'FORCED_FILL', 'autoclose-1'],
    ['another hand', 'FOREIGN_FILL', 'web_1'],
  ] as const)('and %s closes both at once', (_what, kind, id) => {
    const live = new LiveHarness().start();
    live.venue.faults.push('REQUEST_LOST');
    live.enter('a').run(15_000).enter('b').run(500);
    const placed = live.commands.find((command) => command.kind === 'PLACE_ORDER');
    const event = live.venue.trade(1, placed?.kind === 'PLACE_ORDER' ? placed.order.clientOrderId : '', live.nowMs);
    live.venue.tell({ kind: 'ORDER', symbol: SYMBOL, event });
    live.settle().run(2_000);
    const fill = live.venue.trade(-2, id, live.nowMs);
    const of = { symbol: SYMBOL, action: 'SELL', fill } as const;
    live.venue.tell(kind === 'FORCED_FILL' ? { kind, cause: 'LIQUIDATION', ...of } : { kind, ...of });
    live.settle();
    expect([live.position, live.trading.status(live.nowMs).foreign_positions]).toEqual([0, []]);
  });
});

describe('a step that grows while a position is open', () => {
  it.each(['LONG', 'SHORT'] as const)('leaves no rest of a %s position', (direction) => {
    const live = new LiveHarness().start();
    const sign = direction === 'LONG' ? 1 : -1;
    live.enter('a', { direction, stop_loss: 100 - sign * 5 }, 1.005).run(500);
    live.trading.onInstrument({ symbol: SYMBOL, tick_size: '0.1', step_size: '0.01', min_notional: '5' });
    live.exit('x', { direction: `EXIT_${direction}` }).run(20_000);
    expect([live.position, live.venue.position]).toEqual([0, 0]);
    expect(live.executions.filter(({ purpose }) => purpose === 'EXIT').length).toBeLessThan(5);
    expect(live.venue.stops.quantity()).toBe(0);
  });
});

describe('a stop that hangs while it triggers', () => {
  it('is asked for less and less often', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    live.venue.stops.sticks = true;
    live.venue.move(-6, live.nowMs);
    live.run(10_000);
    expect(live.position).toBe(0);
    const before = sent(live, 'QUERY_STOP');
    live.run(60_000);
    expect(sent(live, 'QUERY_STOP') - before).toBeLessThan(10);
  });
});

describe('a clock that is set back by an hour', () => {
  const HOUR_MS = 3_600_000;

  it('delays no query about an exit, and no exit after it', () => {
    const live = new LiveHarness().start().enter('a').run(500);
    live.venue.faults.push('SILENT');
    live.exit('x');
    live.nowMs -= HOUR_MS;
    live.run(5_000);
    expect(live.answersTo('x')).toEqual(['FILLED']);
    live.enter('b').run(500).exit('y').run(5_000);
    expect([live.answersTo('b'), live.answersTo('y')]).toEqual([['FILLED'], ['FILLED']]);
  });

  it.each(['LONG', 'SHORT'] as const)('leaves no %s position without a stop', (direction) => {
    const live = new LiveHarness().start();
    const sign = direction === 'LONG' ? 1 : -1;
    live.enter('a', { direction, stop_loss: 100 - sign * 5 }).run(500);
    live.nowMs -= HOUR_MS;
    live.venue.faults.push('REQUEST_LOST');
    for (const { clientAlgoId } of live.venue.stops.resting()) live.venue.stops.cancel(clientAlgoId);
    live.run(5_000);
    expect(live.venue.stops.quantity()).toBe(1);
    live.venue.stops.forget();
    live.venue.move(-sign * 6, live.nowMs);
    live.run(60_000);
    expect([live.position, live.venue.position]).toEqual([0, 0]);
    const account = live.trading.account(live.nowMs);
    expect(live.nowMs - (account?.updated_ts ?? 0)).toBeLessThan(1_000);
  });
});

describe('what another hand does to the account', () => {
  it('a margin call is followed by a snapshot at once, and by the margin ladder', () => {
    const live = new LiveHarness().start().enter('a').run(20_000);
    const before = sent(live, 'TAKE_SNAPSHOT');
    live.venue.balance = { availableBalance: 1_000 };
    live.trading.onNews({ kind: 'MARGIN_CALL', symbols: [SYMBOL] }, live.nowMs);
    live.trading.onTimer(live.nowMs);
    live.settle();
    expect(sent(live, 'TAKE_SNAPSHOT')).toBe(before + 1);
    live.run(1_000);
    expect(live.executions.at(-1)).toMatchObject({ signal: { exit_reason: 'MARGIN_CRITICAL' } });
    expect(live.trading.status(live.nowMs).margin_call).toMatchObject({ symbols: [SYMBOL] });
    expect(live.run(600_000).trading.status(live.nowMs).margin_call).toBeUndefined();
  });

  it('an event of several margin assets is not undone by an older answer, and wallets of one asset no longer count', () => {
    const live = new LiveHarness().start();
    const tsAsked = live.nowMs - 50;
    live.trading.onNews({ kind: 'ACCOUNT_MODES', isMultiAssets: true }, live.nowMs);
    live.trading.onNews({ kind: 'ACCOUNT_MODES', isHedge: false, isMultiAssets: false, tsAsked }, live.nowMs);
    live.trading.onNews({ kind: 'WALLET', walletBalance: 5, tsEvent: live.nowMs + 1 }, live.nowMs);
    live.enter('a').run(500);
    expect(live.executions).toMatchObject([{ answer: 'DENIED', denial: { code: 'ACCOUNT_MODE' } }]);
    expect(live.trading.account(live.nowMs)).toMatchObject({ wallet_balance: 10_000, margin_asset: 'USD' });
  });

  it('a symbol of another margin asset takes no entry, and a position there is in no sum of the account', () => {
    const live = new LiveHarness().start();
    const symbol = 'BTCUSDC';
    live.trading.onInstrument({ symbol, tick_size: '0.1', step_size: '0.001', min_qty: '0.001', min_notional: '5' });
    live.enter('a', { symbol }).run(500);
    expect(live.executions).toMatchObject([{ answer: 'DENIED', denial: { code: 'MARGIN_ASSET' } }]);
    const held = { symbol, signedQuantity: 1, entryPrice: 100, tsEvent: live.nowMs };
    live.trading.onNews({ kind: 'POSITION', ...held }, live.nowMs);
    expect(live.trading.account(live.nowMs)).toMatchObject({ positions: [{ symbol }], initial_margin: 0 });
  });
});
