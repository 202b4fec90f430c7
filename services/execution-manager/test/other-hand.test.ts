import { Records } from '@helios/shared/contracts/catalog.ts';
import type { AccountPosition } from '@helios/shared/domain/account.ts';
import { expect, test } from 'vitest';
import { LiveTrader } from './live-trader.ts';

const SYMBOL = 'BTCUSDT';

interface SymbolConfig {
  readonly symbol: string;
  readonly leverage: number;
  readonly marginType: string;
}

const setLeverage = (trader: LiveTrader, leverage: number): Promise<unknown> =>
  trader.venue.request('POST', '/fapi/v1/leverage', { symbol: SYMBOL, leverage: String(leverage) });

/** What the venue has set on the symbol. */
async function configOf(trader: LiveTrader): Promise<SymbolConfig | undefined> {
  const [config] = await trader.venue.request<SymbolConfig[]>('GET', '/fapi/v1/symbolConfig', { symbol: SYMBOL });
  return config;
}

/** Resolves once the fleet names the change. */
const untilTold = (trader: LiveTrader, text: string, withinMs?: number): Promise<unknown> =>
  trader.until(`"${text}" is told`, async () => (await trader.status())?.differences.join().includes(text), withinMs);

/** The position as the account of the fleet shows it. */
async function shownPosition(trader: LiveTrader): Promise<AccountPosition | undefined> {
  const account = await trader.fake.bus('dashboard-api').getRecord(Records.account);
  return account?.positions.find(({ symbol }) => symbol === SYMBOL);
}

test('leverage changed on the page of the venue is noticed at once, and set again before the next entry', async () => {
  const trader = await LiveTrader.start();
  await setLeverage(trader, 20);
  await untilTold(trader, 'BTCUSDT: another hand has set leverage 20, not 5', 5_000);
  expect(await trader.untilAnswered(await trader.enter())).toMatchObject({ answer: 'FILLED' });
  expect(await configOf(trader)).toMatchObject({ leverage: 5, marginType: 'ISOLATED' });
  await untilTold(trader, 'both are set again');
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('leverage and margin mode changed without an event are found by the next comparison', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.setFaults([{ fault: 'user-event', how: 'lost' }]);
  await setLeverage(trader, 20);
  await trader.venue.request('POST', '/fapi/v1/marginType', { symbol: SYMBOL, marginType: 'CROSSED' });
  await untilTold(trader, 'leverage 20, not 5 and CROSSED margin, not ISOLATED', 45_000);
  await trader.venue.setFaults([]);
  expect(await trader.untilAnswered(await trader.enter())).toMatchObject({ answer: 'FILLED' });
  expect(await configOf(trader)).toMatchObject({ leverage: 5, marginType: 'ISOLATED' });
}, 90_000);

test('leverage changed under an open position: its true leverage and the liquidation price of the venue are shown', async () => {
  const trader = await LiveTrader.withPosition({ settings: { risk: { margin_mode: 'crossed' } } });
  await setLeverage(trader, 20);
  await untilTold(trader, 'leverage 20', 5_000);
  const shown = await trader.until('its true leverage', async () => {
    const position = await shownPosition(trader);
    return position?.leverage === 20 && position;
  });
  expect(shown.margin).toBeCloseTo(shown.notional / 20, 6);
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('several margin assets switched on stop entries at once; single-asset mode lets them go on', async () => {
  const trader = await LiveTrader.withPosition({ settings: { risk: { margin_mode: 'crossed' } } });
  await trader.venue.request('POST', '/fapi/v1/multiAssetsMargin', { multiAssetsMargin: 'true' });
  await trader.until('entries stop', async () =>
    (await trader.status())?.blocked_by.some(
      ({ code, reason }) => code === 'ACCOUNT_MODE' && /Single-Asset/.test(reason),
    ),
  );
  await trader.untilCovered();
  expect(await trader.untilAnswered(await trader.exit())).toMatchObject({ answer: 'FILLED' });
  await trader.untilFlat();
  await trader.venue.request('POST', '/fapi/v1/multiAssetsMargin', { multiAssetsMargin: 'false' });
  await trader.untilReady();
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F37 hedge mode switched on while Helios runs stops entries with advice, until it is switched off', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.request('POST', '/fapi/v1/positionSide/dual', { dualSidePosition: 'true' });
  // The venue tells no event; the refusal of an entry, or the next comparison, does.
  expect((await trader.untilAnswered(await trader.enter())).answer).not.toBe('FILLED');
  const status = await trader.until('entries stop', async () => {
    const shown = await trader.status();
    return shown?.blocked_by.some(({ code }) => code === 'ACCOUNT_MODE') && shown;
  });
  expect(status.blocked_by).toContainEqual({ code: 'ACCOUNT_MODE', reason: expect.stringContaining('One-way') });
  await trader.venue.request('POST', '/fapi/v1/positionSide/dual', { dualSidePosition: 'false' });
  await trader.until('entries go on', async () => (await trader.status())?.can_enter, 45_000);
  expect(await trader.untilAnswered(await trader.enter())).toMatchObject({ answer: 'FILLED' });
  expect(await trader.violations()).toEqual([]);
}, 90_000);

test('F37 hedge mode without any order is found by the next comparison', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.request('POST', '/fapi/v1/positionSide/dual', { dualSidePosition: 'true' });
  await trader.untilBlocked('ACCOUNT_MODE');
}, 90_000);

test('a margin call of the venue is told, and the account is read at once', async () => {
  const trader = await LiveTrader.start({ symbols: [SYMBOL, 'ETHUSDT'] });
  const price = await trader.venue.price('ETHUSDT');
  await trader.venue.request('POST', '/fapi/v1/leverage', { symbol: 'ETHUSDT', leverage: '50' });
  const quantity = (100_000 / price).toFixed(2);
  await trader.venue.request('POST', '/fapi/v1/order', { symbol: 'ETHUSDT', side: 'BUY', type: 'MARKET', quantity });
  let seenTs = 0;
  let percent = -1.3;
  // The margin is 2 %. Small steps, one for each report: the venue liquidates a little after it has warned.
  const call = await trader.until('the call is told', async () => {
    const status = await trader.status();
    if (status?.margin_call !== undefined || status?.updated_ts === seenTs) return status.margin_call;
    seenTs = status?.updated_ts ?? 0;
    percent -= 0.03;
    await trader.venue.setFaults([{ fault: 'jump', symbol: 'ETHUSDT', percent }]);
    return undefined;
  });
  expect(call.symbols).toEqual(['ETHUSDT']);
  // The order of another hand is a reason of its own to read the account: the snapshot is newer than the call.
  await trader.until(
    'the account is read',
    async () => ((await trader.status())?.reconciled_ts ?? 0) >= call.ts,
    3_000,
  );
}, 60_000);
