import { expect, test } from 'vitest';
import { LiveTrader } from './live-trader.ts';

const HOUR_MS = 3_600_000;
const SYMBOL = 'BTCUSDT';

const differences = async (trader: LiveTrader): Promise<string> => ((await trader.status())?.differences ?? []).join();

/** Resolves once the venue shows no position. */
const untilClosed = (trader: LiveTrader): Promise<unknown> =>
  trader.until('it is closed', async () => (await trader.venue.account()).positions.length === 0, 30_000);

test('F40 a refusal by a halted symbol makes Helios read its status: no further entry is sent until it trades', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.setFaults([{ fault: 'symbol', symbol: SYMBOL, status: 'TRADING_HALT' }]);
  const denied = await trader.until('an entry is denied by the status', async () => {
    const answer = await trader.untilAnswered(await trader.enter());
    return answer.answer === 'DENIED' && answer;
  });
  expect(denied).toMatchObject({ denial: { code: 'SYMBOL_NOT_TRADING' } });
  expect((await trader.venue.account()).positions).toEqual([]);
  expect((await trader.status())?.can_enter).toBe(true);
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F41 a position in a symbol whose delisting is announced is closed an hour before', async () => {
  const trader = await LiveTrader.withPosition();
  const deliveryTs = Date.now() + HOUR_MS + 15_000;
  await trader.venue.setFaults([{ fault: 'symbol', symbol: SYMBOL, status: 'TRADING', delivery_ts: deliveryTs }]);
  // The status is read at the start, then every three minutes.
  await trader.restart();
  await trader.until('the alarm', async () => (await differences(trader)).includes('its position stays'), 12_000);
  expect((await trader.venue.account()).positions).toHaveLength(1);
  await untilClosed(trader);
  expect(Date.now()).toBeGreaterThanOrEqual(deliveryTs - HOUR_MS);
  await trader.untilFlat();
  const exits = (await trader.exits()).filter(({ answer }) => answer === 'FILLED');
  expect(exits).toMatchObject([{ signal: { exit_reason: 'SESSION_END' } }]);
  const alarm = `until ${new Date(deliveryTs).toISOString()}; its position is closed`;
  await trader.until('the alarm stays', async () => (await differences(trader)).includes(alarm));
  expect(await trader.violations()).toEqual([]);
}, 90_000);

test('F41 while a settling symbol takes no order the stop stays, and the close is tried again until it passes', async () => {
  const trader = await LiveTrader.withPosition();
  await trader.venue.setFaults([{ fault: 'symbol', symbol: SYMBOL, status: 'SETTLING' }]);
  await trader.restart();
  const isRefused = async () => ((await trader.status())?.rejects['-4108'] ?? 0) >= 2;
  await trader.until('closes are refused', isRefused);
  expect(await trader.venue.account()).toMatchObject({ positions: [{ symbol: SYMBOL }], open_algo_orders: [{}] });
  expect(await differences(trader)).toContain('SETTLING');
  await trader.venue.setFaults([]);
  await untilClosed(trader);
  await trader.untilFlat();
  expect(await trader.violations()).toEqual([]);
}, 90_000);
