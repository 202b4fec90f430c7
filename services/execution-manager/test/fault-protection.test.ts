import { expect, test } from 'vitest';
import { LiveTrader } from './live-trader.ts';

/** The reason of the last exit that closed a position. */
async function exitReason(trader: LiveTrader): Promise<string | undefined> {
  const exits = await trader.exits();
  return exits.findLast(({ answer }) => answer === 'FILLED')?.signal?.exit_reason;
}

test('F3 overload stops entries, and still closes', async () => {
  const trader = await LiveTrader.withPosition({ symbols: ['BTCUSDT', 'ETHUSDT'] });
  await trader.venue.setFaults([{ fault: 'overload', for_ms: 60_000 }]);
  const exit = await trader.exit();
  expect(await trader.untilAnswered(exit)).toMatchObject({ answer: 'FILLED' });
  await trader.untilFlat();
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F8 a stop that somebody removed without a word, and that no query finds, is replaced within two seconds of the list that misses it', async () => {
  const trader = await LiveTrader.withPosition();
  const [stop] = (await trader.venue.account()).open_algo_orders;
  const fromTs = Date.now();
  await trader.venue.setFaults([{ fault: 'user-event', how: 'lost' }, { fault: 'stop-hidden' }]);
  const lists = () => trader.venue.requestsTo('/fapi/v1/openAlgoOrders');
  const before = await lists();
  await trader.venue.request('DELETE', '/fapi/v1/algoOrder', { clientAlgoId: stop?.client_algo_id ?? '' });
  await trader.until('the list is read', async () => (await lists()) > before, 40_000);
  const missedTs = Date.now();
  await trader.until('a stop rests', async () => (await trader.venue.account()).open_algo_orders.length === 1);
  expect(Date.now() - missedTs).toBeLessThan(2_000);
  await trader.venue.setFaults([]);
  await trader.untilAnswered(await trader.exit());
  await trader.untilFlat();
  expect(await trader.violations([{ fromTs, toTs: missedTs }])).toEqual([]);
}, 90_000);

test('F9 a stop that hangs at its trigger is replaced by a market close', async () => {
  const trader = await LiveTrader.withPosition();
  await trader.venue.setFaults([{ fault: 'stop-stuck' }, { fault: 'jump', symbol: 'BTCUSDT', percent: -3 }]);
  await trader.until('the position is closed', async () => (await trader.venue.account()).positions.length === 0);
  await trader.until('the exit is told', () => exitReason(trader));
  expect(await exitReason(trader)).toBe('STOP_LOSS');
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F10 a stop that is rejected at its trigger is replaced by a market close at once', async () => {
  const trader = await LiveTrader.withPosition();
  await trader.venue.setFaults([
    { fault: 'stop-rejected', reason: 'Order would immediately trigger.' },
    { fault: 'jump', symbol: 'BTCUSDT', percent: -3 },
  ]);
  await trader.untilFlat();
  expect(await exitReason(trader)).toBe('STOP_LOSS');
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F11 the price jumps through the stop: the venue closes at the market, and the fleet says STOP_LOSS', async () => {
  const trader = await LiveTrader.withPosition();
  await trader.venue.setFaults([{ fault: 'jump', symbol: 'BTCUSDT', percent: -3 }]);
  await trader.untilFlat();
  expect(await exitReason(trader)).toBe('STOP_LOSS');
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F14 another hand closes the position: its stop goes too, and nothing opens again', async () => {
  const trader = await LiveTrader.withPosition();
  await trader.venue.trade({ side: 'SELL', quantity: '0.010', reduce_only: true });
  await trader.untilFlat();
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F15 a stop follows the filled part of an entry', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.setFaults([{ fault: 'partial-fill', percent: 40, times: 1 }]);
  await trader.untilAnswered(await trader.enter());
  const covered = await trader.untilCovered();
  expect(covered.cover?.quantity).toBe(covered.quantity);
  const stops = (await trader.venue.ledger()).flatMap((event) => (event.kind === 'ALGO' ? event.order.quantity : []));
  // The order may take several levels, and each fill has its stop.
  expect(stops).toContain('0.004');
  await trader.untilAnswered(await trader.exit());
  await trader.untilFlat();
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test.each(['liquidate', 'deleverage'])(
  'F26 the venue closes a position by force (%s): recognised, and entries stop',
  async (action) => {
    const trader = await LiveTrader.withPosition();
    await trader.venue.control('POST', '/control/actions', { action, symbol: 'BTCUSDT' });
    await trader.untilFlat();
    await trader.until('entries stop', async () => (await trader.status())?.can_enter === false);
    expect(await trader.violations()).toEqual([]);
  },
  60_000,
);

test('F36 a larger tick size at run time: the next stop is on it', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.setFaults([{ fault: 'tick-size', symbol: 'BTCUSDT', tick_size: '0.50' }]);
  await trader.untilAnswered(await trader.enter());
  await trader.until('it is covered or closed', async () => {
    const { positions, open_algo_orders } = await trader.venue.account();
    return positions.length === 0 || open_algo_orders.length > 0;
  });
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F38 an exit of a position that another hand has closed ends without an order', async () => {
  const trader = await LiveTrader.withPosition();
  await trader.venue.setFaults([{ fault: 'user-event', how: 'lost' }]);
  await trader.venue.trade({ side: 'SELL', quantity: '0.010', reduce_only: true });
  const exit = await trader.exit();
  expect((await trader.untilAnswered(exit, 60_000)).answer).not.toBe('FILLED');
  await trader.venue.setFaults([]);
  await trader.untilFlat(60_000);
  // No event told the fill of the other hand: it is read from the trades.
  expect(await trader.violations()).toEqual([]);
}, 120_000);

test('F40 a halted contract takes no entry, and the signal is answered', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.setFaults([{ fault: 'symbol', symbol: 'BTCUSDT', status: 'TRADING_HALT' }]);
  expect((await trader.untilAnswered(await trader.enter())).answer).not.toBe('FILLED');
  expect((await trader.venue.account()).positions).toEqual([]);
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F43 an exit that is refused again and again is tried with a bound, alarms, and goes on when the venue takes it', async () => {
  const trader = await LiveTrader.withPosition();
  const body = '{"code":-2010,"msg":"NEW_ORDER_REJECTED"}';
  await trader.venue.setFaults([{ fault: 'status', status: 400, body, path: '/fapi/v1/order', method: 'POST' }]);
  await trader.exit();
  await trader.untilBlocked('EXIT_STUCK');
  const { requests } = await trader.venue.control<{ requests: number }>('GET', '/control/requests');
  expect(requests ?? 0).toBeLessThan(600);
  await trader.venue.setFaults([]);
  await trader.untilFlat(90_000);
  expect(await trader.violations()).toEqual([]);
}, 180_000);
