import { expect, test } from 'vitest';
import { LiveTrader } from './live-trader.ts';

test('F23 while Redis is away the stop stays, a fall closes the position, and Redis has all of it afterwards', async () => {
  const trader = await LiveTrader.withPosition();
  trader.fake.goDown();
  await trader.venue.setFaults([{ fault: 'jump', symbol: 'BTCUSDT', percent: -5 }]);
  await trader.until('the venue closed the position', () => trader.venue.isFlat());
  trader.fake.comeBack();
  const isClosed = async () => (await trader.exits()).some(({ answer }) => answer === 'FILLED');
  await trader.until('the final answer', isClosed);
  const exits = await trader.exits();
  expect(exits.at(-1)).toMatchObject({ signal: { exit_reason: 'STOP_LOSS' } });
  // A stop that its successor has not replaced yet may fire with it; it finds nothing left to close.
  const ended = exits.filter(({ execution_id, answer }) => execution_id.endsWith('#END') && answer === 'FILLED');
  expect(ended, JSON.stringify(exits)).toHaveLength(1);
  await trader.untilFlat();
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F44 an entry that waited in the stream for too long expires without an order', async () => {
  const trader = await LiveTrader.start({ settings: { signals: { signal_max_age_ms: 1_000 } } });
  const entry = await trader.enter({ ageMs: 5_000 });
  expect(await trader.untilAnswered(entry)).toMatchObject({ answer: 'EXPIRED' });
  expect((await trader.venue.ordersTaken()).size).toBe(0);
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F48 a flatten closes everything and is proven by a query; a second one changes nothing', async () => {
  const trader = await LiveTrader.withPosition();
  await trader.until('no proof is left', async () => (await trader.status())?.flat_ts === undefined);
  const beganTs = Date.now();
  await trader.tradingState('REDUCING', true);
  await trader.tradingState('REDUCING', true);
  await trader.untilProvenFlat(beganTs);
  expect(await trader.venue.isFlat()).toBe(true);
  // The entry and one close.
  expect([...(await trader.venue.ordersTaken()).values()]).toEqual([1, 1]);
  expect(await trader.exits()).toMatchObject([{ answer: 'FILLED', signal: { exit_reason: 'OPERATOR' } }]);
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F48 Stop while an entry is in flight: its fill is covered, and nothing more enters', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.setFaults([
    { fault: 'slow', ms: 1_500, path: '/fapi/v1/order', method: 'POST', times: 1, after: true },
  ]);
  const entry = await trader.enter();
  await trader.until('the order is at the venue', async () => (await trader.venue.ordersTaken()).size === 1);
  await trader.tradingState('REDUCING');
  await trader.untilAnswered(entry);
  await trader.untilCovered();
  const late = await trader.untilAnswered(await trader.enter());
  expect(late).toMatchObject({ answer: 'DENIED', denial: { code: 'TRADING_STATE' } });
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F48 Stop and a double Flatten while an order is in flight end flat, each once', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.setFaults([
    { fault: 'slow', ms: 3_000, path: '/fapi/v1/order', method: 'POST', after: true, times: 1 },
  ]);
  const entry = await trader.enter();
  await trader.until('the venue has it', async () => (await trader.venue.account()).positions.length === 1);
  await trader.tradingState('REDUCING', true);
  await trader.tradingState('REDUCING', true);
  await trader.untilFlat(40_000);
  expect(await trader.untilAnswered(entry)).toMatchObject({ purpose: 'ENTRY' });
  expect(await trader.violations()).toEqual([]);
}, 90_000);

test('F45 a second process on the same Redis enters nothing until the first one has ended', async () => {
  const trader = await LiveTrader.start();
  const second = await trader.launchSecond();
  const says = (text: string) => async () => second.lines.some(({ message }) => message.startsWith(text));
  await trader.until('the second one says why', says('this process may not enter'));
  await trader.quit();
  await trader.until('it takes over', says('this process may enter'));
  expect(await trader.violations()).toEqual([]);
  expect(second.faults).toEqual([]);
}, 60_000);

test('an exit published by hand closes nothing, unless the settings accept it', async () => {
  const trader = await LiveTrader.withPosition();
  const refused = await trader.untilAnswered(await trader.exit({ signal: { origin: 'EXTERNAL' } }));
  expect(refused).toMatchObject({ answer: 'DENIED', denial: { code: 'EXTERNAL_SIGNAL' } });
  expect((await trader.positions()).length).toBe(1);
}, 60_000);

test('F25 a position opened by hand is shown and counted, blocks its symbol, and is never touched', async () => {
  const trader = await LiveTrader.start({ symbols: ['BTCUSDT', 'ETHUSDT'] });
  const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.05' };
  await trader.venue.request('POST', '/fapi/v1/order', order);
  const shown = async () => (await trader.status())?.foreign_positions ?? [];
  await trader.until('it is counted', async () => (await shown()).length === 1, 60_000);
  expect(await shown()).toEqual([expect.stringMatching(/^BTCUSDT/)]);
  const denied = await trader.untilAnswered(await trader.enter());
  expect(denied).toMatchObject({ answer: 'DENIED', denial: { code: 'FOREIGN_POSITION' } });
  const beganTs = Date.now();
  await trader.tradingState('REDUCING', true);
  await trader.untilProvenFlat(beganTs);
  expect((await trader.venue.account()).positions).toMatchObject([{ symbol: 'BTCUSDT', quantity: '0.050' }]);
}, 120_000);

test('F26 a liquidation by the venue is booked, halts trading, and blocks entries until Start', async () => {
  const trader = await LiveTrader.start({ settings: { trading: { leverage: 100 } } });
  await trader.enter({ quantity: 0.5, stopPct: 2 });
  await trader.until('a position', async () => (await trader.positions()).length === 1);
  await trader.venue.setFaults([
    { fault: 'stop-hidden' },
    { fault: 'stop-stuck' },
    { fault: 'jump', symbol: 'BTCUSDT', percent: -30 },
  ]);
  await trader.until('the venue closed it', async () => (await trader.venue.account()).positions.length === 0);
  await trader.until('the answer', async () => (await trader.exits()).length > 0);
  expect(await trader.exits()).toMatchObject([{ answer: 'FILLED', signal: { exit_reason: 'LIQUIDATION' } }]);
  const halt = await trader.until('the halt', async () => (await trader.commands())[0]);
  expect(halt).toMatchObject({
    ...{ action: 'halt', issued_by: 'execution-manager' },
    reason: expect.stringMatching(/^FORCED_CLOSE/),
  });
  expect((await trader.status())?.can_enter).toBe(false);
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F45 an order of another instance of Helios stops entries and halts trading', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.request('POST', '/fapi/v1/order', {
    ...{ symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01', price: '50000' },
    newClientOrderId: `he-${'0'.repeat(24)}-e1-zz`,
  });
  await trader.untilBlocked('FOREIGN_INSTANCE');
  const isHalt = async () => (await trader.commands()).find(({ action }) => action === 'halt');
  const halt = await trader.until('the halt', isHalt);
  expect(halt).toMatchObject({ issued_by: 'execution-manager', reason: expect.stringMatching(/^FOREIGN_INSTANCE/) });
  expect(await trader.violations()).toEqual([]);
}, 90_000);

test('F37 an account in hedge mode cannot enter, and the reason says what to do', async () => {
  const trader = await LiveTrader.open();
  await trader.venue.request('POST', '/fapi/v1/positionSide/dual', { dualSidePosition: 'true' });
  await trader.launch();
  await trader.until('the reason', async () => {
    const reasons = (await trader.status())?.blocked_by ?? [];
    return reasons.some(({ reason }) => /ONE_WAY_MODE.*hedge mode/.test(reason));
  });
  expect((await trader.status())?.can_enter).toBe(false);
}, 60_000);
