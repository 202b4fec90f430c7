import { expect, test } from 'vitest';
import { LiveTrader } from './live-trader.ts';

/** A trader with one covered position. */
async function withPosition(options: Parameters<typeof LiveTrader.start>[0] = {}): Promise<LiveTrader> {
  const trader = await LiveTrader.start(options);
  await trader.untilAnswered(await trader.enter());
  await trader.untilCovered();
  return trader;
}

/** The exit that closed the position, whoever decided on it. */
async function exitReason(trader: LiveTrader): Promise<string | undefined> {
  const exits = (await trader.executions()).filter(({ purpose, answer }) => purpose === 'EXIT' && answer === 'FILLED');
  return exits.at(-1)?.signal?.exit_reason;
}

const hand = (trader: LiveTrader, order: object) =>
  trader.control('POST', '/control/actions', { action: 'order', symbol: 'BTCUSDT', ...order });

test('F3 overload stops entries, and still closes', async () => {
  const trader = await withPosition({ symbols: ['BTCUSDT', 'ETHUSDT'] });
  await trader.venue.setFaults([{ fault: 'overload', for_ms: 60_000 }]);
  const exit = await trader.exit();
  expect(await trader.untilAnswered(exit)).toMatchObject({ answer: 'FILLED' });
  await trader.untilFlat();
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F9 a stop that hangs at its trigger is replaced by a market close', async () => {
  const trader = await withPosition();
  await trader.venue.setFaults([{ fault: 'stop-stuck' }, { fault: 'jump', symbol: 'BTCUSDT', percent: -3 }]);
  await trader.until('the position is closed', async () => (await trader.truth()).positions.length === 0);
  await trader.until('the exit is told', () => exitReason(trader));
  expect(await exitReason(trader)).toBe('STOP_LOSS');
}, 60_000);

test('F10 a stop that is rejected at its trigger is replaced by a market close at once', async () => {
  const trader = await withPosition();
  await trader.venue.setFaults([
    { fault: 'stop-rejected', reason: 'Order would immediately trigger.' },
    { fault: 'jump', symbol: 'BTCUSDT', percent: -3 },
  ]);
  await trader.untilFlat();
  expect(await exitReason(trader)).toBe('STOP_LOSS');
}, 60_000);

test('F11 the price jumps through the stop: the venue closes at the market, and the fleet says STOP_LOSS', async () => {
  const trader = await withPosition();
  await trader.jump(-3);
  await trader.untilFlat();
  expect(await exitReason(trader)).toBe('STOP_LOSS');
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F14 another hand closes the position: its stop goes too, and nothing opens again', async () => {
  const trader = await withPosition();
  await hand(trader, { side: 'SELL', quantity: '0.010', reduce_only: true });
  await trader.untilFlat();
  expect((await trader.violations()).filter(({ code }) => code !== 'NO_FINAL_ANSWER')).toEqual([]);
}, 60_000);

test('F15 a stop follows the filled part of an entry', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.setFaults([{ fault: 'partial-fill', percent: 40, times: 1 }]);
  await trader.untilAnswered(await trader.enter());
  const covered = await trader.untilCovered();
  expect(covered.cover?.quantity).toBe(covered.quantity);
  const stops = (await trader.ledger()).flatMap((event) => (event.kind === 'ALGO' ? event.order.quantity : []));
  // The order may take several levels, and each fill has its stop.
  expect(stops).toContain('0.004');
  await trader.untilAnswered(await trader.exit());
  await trader.untilFlat();
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F21 a restart adopts position and stop, and closes by the next exit', async () => {
  const trader = await withPosition();
  const before = await trader.truth();
  await trader.quit();
  await trader.launch();
  await trader.untilReady();
  const after = await trader.truth();
  expect([after.positions, after.open_algo_orders]).toMatchObject([before.positions, before.open_algo_orders]);
  await trader.untilCovered();
  expect(await trader.untilAnswered(await trader.exit())).toMatchObject({ answer: 'FILLED' });
  await trader.untilFlat();
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F25 a position of another hand is shown, counted and never touched', async () => {
  const trader = await LiveTrader.start({ symbols: ['BTCUSDT', 'ETHUSDT'] });
  await hand(trader, { side: 'BUY', quantity: '0.010' });
  await trader.until(
    'it is shown',
    async () => (await trader.status())?.foreign_positions.some((each) => each.startsWith('BTCUSDT')),
    60_000,
  );
  expect(await trader.untilAnswered(await trader.enter())).toMatchObject({ answer: 'DENIED' });
  expect((await trader.truth()).positions).toMatchObject([{ symbol: 'BTCUSDT', quantity: '0.010' }]);
}, 90_000);

test.each(['liquidate', 'deleverage'])(
  'F26 the venue closes a position by force (%s): recognised, and entries stop',
  async (action) => {
    const trader = await withPosition();
    await trader.control('POST', '/control/actions', { action, symbol: 'BTCUSDT' });
    await trader.untilFlat();
    await trader.until('entries stop', async () => (await trader.status())?.can_enter === false);
    expect((await trader.violations()).filter(({ code }) => code !== 'NO_FINAL_ANSWER')).toEqual([]);
  },
  60_000,
);

test('F36 a larger tick size at run time: the next stop is on it', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.setFaults([{ fault: 'tick-size', symbol: 'BTCUSDT', tick_size: '0.50' }]);
  await trader.untilAnswered(await trader.enter());
  await trader.until('it is covered or closed', async () => {
    const { positions, open_algo_orders } = await trader.truth();
    return positions.length === 0 || open_algo_orders.length > 0;
  });
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F38 an exit of a position that another hand has closed ends without an order', async () => {
  const trader = await withPosition();
  await trader.venue.setFaults([{ fault: 'user-event', how: 'lost' }]);
  await hand(trader, { side: 'SELL', quantity: '0.010', reduce_only: true });
  const exit = await trader.exit();
  expect((await trader.untilAnswered(exit, 60_000)).answer).not.toBe('FILLED');
  await trader.venue.setFaults([]);
  await trader.untilFlat(60_000);
}, 120_000);

test('F40 a halted contract takes no entry, and the signal is answered', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.setFaults([{ fault: 'symbol', symbol: 'BTCUSDT', status: 'TRADING_HALT' }]);
  expect((await trader.untilAnswered(await trader.enter())).answer).not.toBe('FILLED');
  expect((await trader.truth()).positions).toEqual([]);
}, 60_000);

test('F43 an exit that is refused again and again is tried with a bound, alarms, and goes on when the venue takes it', async () => {
  const trader = await withPosition();
  const body = '{"code":-2010,"msg":"NEW_ORDER_REJECTED"}';
  await trader.venue.setFaults([{ fault: 'status', status: 400, body, path: '/fapi/v1/order', method: 'POST' }]);
  await trader.exit();
  await trader.until(
    'the alarm',
    async () => (await trader.status())?.blocked_by.some(({ code }) => code === 'EXIT_STUCK'),
    60_000,
  );
  const { requests } = await trader.control<{ requests: number }>('GET', '/control/requests');
  expect(requests ?? 0).toBeLessThan(600);
  await trader.venue.setFaults([]);
  await trader.untilFlat(90_000);
}, 180_000);

test('F44 an entry that waited too long is not sent', async () => {
  const trader = await LiveTrader.start();
  const answer = await trader.untilAnswered(await trader.enter({ ageMs: 60_000 }));
  expect(answer).toMatchObject({ answer: 'EXPIRED' });
  expect((await trader.truth()).positions).toEqual([]);
}, 60_000);

test('F48 stop and flatten while an order is in flight end flat, each once', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.setFaults([
    { fault: 'slow', ms: 3_000, path: '/fapi/v1/order', method: 'POST', after: true, times: 1 },
  ]);
  const entry = await trader.enter();
  await trader.until('the venue has it', async () => (await trader.truth()).positions.length === 1);
  await trader.tradingState('REDUCING', true);
  await trader.tradingState('REDUCING', true);
  await trader.untilFlat(40_000);
  expect(await trader.untilAnswered(entry)).toMatchObject({ purpose: 'ENTRY' });
  expect(await trader.violations()).toEqual([]);
}, 90_000);

test('F45 orders of a second Helios on the account stop entries', async () => {
  const trader = await LiveTrader.start();
  await trader.postForeign(`he-${'z'.repeat(24)}-e1-q`);
  await trader.until(
    'entries stop',
    async () => (await trader.status())?.blocked_by.some(({ code }) => code === 'FOREIGN_INSTANCE'),
    60_000,
  );
}, 90_000);
