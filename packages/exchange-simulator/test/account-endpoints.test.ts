import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ENDPOINTS } from '../src/rest/endpoints.ts';
import { stillMarket } from './still-market.ts';
import { type Trader, TradingSession } from './trading-session.ts';
import { DATA, START_MS } from './venue-client.ts';

const BTC = { symbol: 'BTCUSDT' };
const MARKET = { ...BTC, type: 'MARKET', quantity: '0.5' };
const RESTING = { ...BTC, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.1', price: '59000.0' };

async function started(): Promise<{
  session: TradingSession;
  trader: Trader;
  ask: (method: string, path: string, parameters?: Record<string, string>) => ReturnType<TradingSession['call']>;
}> {
  const session = await TradingSession.on(stillMarket(), START_MS, ['5000', '5000']);
  const [trader] = session.traders;
  if (trader === undefined) throw new Error('no trader');
  return {
    ...{ session, trader },
    ask: (method, path, parameters = {}) => session.call(trader, method, path, parameters),
  };
}

const ACCOUNT_V3 = (
  'totalInitialMargin totalMaintMargin totalWalletBalance totalUnrealizedProfit totalMarginBalance totalPositionInitialMargin ' +
  'totalOpenOrderInitialMargin totalCrossWalletBalance totalCrossUnPnl availableBalance maxWithdrawAmount assets positions'
).split(' ');

test('a new account has the time of its first deposit', async () => {
  const { ask } = await started();
  expect(ask('GET', '/fapi/v3/account').assets).toMatchObject([
    { walletBalance: '5000.00000000', updateTime: START_MS },
  ]);
});

test('account, balance and positionRisk after a MARKET buy and with a resting order', async () => {
  const { ask } = await started();
  ask('POST', '/fapi/v1/order', { ...MARKET, side: 'BUY' });
  ask('POST', '/fapi/v1/order', RESTING);
  const account = ask('GET', '/fapi/v3/account');
  expect(Object.keys(account)).toEqual(ACCOUNT_V3);
  // Bought 0.5 at 60,000.1 = 30,000.05, fee 0.05 % = 15.000025; mark price 60,000, so PnL −0.05; initial 30,000 / 20.
  // The order: (30,000 + 5,900) / 20 − 1,500 = 295. Available 4,984.999975 − 0.05 − 1,500 − 295.
  expect(account).toMatchObject({
    totalInitialMargin: '1795.00000000',
    totalMaintMargin: '120.00000000',
    totalWalletBalance: '4984.99997500',
    totalUnrealizedProfit: '-0.05000000',
    totalMarginBalance: '4984.94997500',
    totalPositionInitialMargin: '1500.00000000',
    totalOpenOrderInitialMargin: '295.00000000',
    totalCrossWalletBalance: '4984.99997500',
    totalCrossUnPnl: '-0.05000000',
    availableBalance: '3189.94997500',
    maxWithdrawAmount: '3189.94997500',
  });
  expect(account.positions).toEqual([
    {
      ...{ symbol: 'BTCUSDT', positionSide: 'BOTH', positionAmt: '0.500', unrealizedProfit: '-0.05000000' },
      ...{ isolatedMargin: '0.00000000', notional: '30000.00000000', isolatedWallet: '0' },
      ...{ initialMargin: '1795.00000000', maintMargin: '120.00000000', updateTime: START_MS },
    },
  ]);
  for (const version of ['v2', 'v3'])
    expect(ask('GET', `/fapi/${version}/balance`)).toEqual([
      {
        ...{ accountAlias: 't0', asset: 'USDT', balance: '4984.99997500', crossWalletBalance: '4984.99997500' },
        ...{ crossUnPnl: '-0.05000000', availableBalance: '3189.94997500', maxWithdrawAmount: '3189.94997500' },
        ...{ marginAvailable: true, updateTime: START_MS },
      },
    ]);
  // Liquidation: (30,000.05 − 4,984.999975) / (0.5 × 0.996) = 25,015.050025 / 0.498
  expect(ask('GET', '/fapi/v3/positionRisk')).toEqual([
    {
      ...{ symbol: 'BTCUSDT', positionSide: 'BOTH', positionAmt: '0.500', entryPrice: '60000.1' },
      ...{ breakEvenPrice: '60030.10005', markPrice: '60000.00000000', unRealizedProfit: '-0.05000000' },
      ...{ liquidationPrice: '50231.02414659', isolatedMargin: '0', notional: '30000.00000000', marginAsset: 'USDT' },
      ...{ isolatedWallet: '0', initialMargin: '1795.00000000', maintMargin: '120.00000000' },
      ...{ positionInitialMargin: '1500.00000000', openOrderInitialMargin: '295.00000000', adl: 4 },
      ...{ bidNotional: '5900.00000000', askNotional: '0', updateTime: START_MS },
    },
  ]);
});

test('version 3 lists symbols with a position or an open order, version 2 lists all', async () => {
  const { ask } = await started();
  const symbols = (path: string, parameters = {}) => {
    const body = ask('GET', path, parameters);
    return (body.positions ?? body).map((row: Record<string, string>) => row['symbol']);
  };
  expect([symbols('/fapi/v3/account'), symbols('/fapi/v3/positionRisk')]).toEqual([[], []]);
  expect([symbols('/fapi/v2/account'), symbols('/fapi/v2/positionRisk')]).toEqual([
    ['BTCUSDT', 'ETHUSDT'],
    ['BTCUSDT', 'ETHUSDT'],
  ]);
  expect(symbols('/fapi/v2/positionRisk', { symbol: 'ETHUSDT' })).toEqual(['ETHUSDT']);
  ask('POST', '/fapi/v1/order', RESTING);
  expect([symbols('/fapi/v3/account'), symbols('/fapi/v3/positionRisk')]).toEqual([['BTCUSDT'], ['BTCUSDT']]);
  expect(ask('GET', '/fapi/v3/positionRisk')[0]).toMatchObject({
    ...{ positionAmt: '0.000', entryPrice: '0.0', breakEvenPrice: '0.0', liquidationPrice: '0', adl: 0 },
    ...{ notional: '0', positionInitialMargin: '0', openOrderInitialMargin: '295.00000000' },
  });
  ask('DELETE', '/fapi/v1/order', { ...BTC, orderId: ask('GET', '/fapi/v1/openOrders')[0].orderId });
  ask('POST', '/fapi/v1/positionSide/dual', { dualSidePosition: 'true' });
  expect(ask('GET', '/fapi/v2/positionRisk', BTC)).toMatchObject([{ positionSide: 'LONG' }, { positionSide: 'SHORT' }]);
});

test.skipIf(!existsSync(join(DATA, 'messages')))('version 2 has the documented fields', async () => {
  const { ask } = await started();
  const documented = (file: string) => JSON.parse(readFileSync(join(DATA, 'messages/documented', file), 'utf8'));
  const fields = (row: object) => Object.keys(row).toSorted();
  const account = documented('account_info_v2.json');
  const got = ask('GET', '/fapi/v2/account');
  // The official client's types also have feeBurn and breakEvenPrice.
  expect(fields(got)).toEqual(fields({ ...account, feeBurn: false }));
  expect(fields(got.assets[0])).toEqual(fields(account.assets[0]));
  expect(fields(got.positions[0])).toEqual(fields({ ...account.positions[0], breakEvenPrice: '' }));
  expect(fields(ask('GET', '/fapi/v2/positionRisk')[0])).toEqual(fields(documented('position_risk.json')[0]));
  expect(fields(ask('GET', '/fapi/v2/balance')[0])).toEqual(fields(documented('balance.json')[0]));
});

test('leverage: changes it, tells the user stream, and refuses what does not fit', async () => {
  const { ask, trader } = await started();
  const set = (leverage: string) => ask('POST', '/fapi/v1/leverage', { ...BTC, leverage });
  expect(set('50')).toEqual({ symbol: 'BTCUSDT', leverage: 50, maxNotionalValue: '12000000' });
  expect(trader.events).toEqual([
    { e: 'ACCOUNT_CONFIG_UPDATE', E: START_MS, T: START_MS, ac: { s: 'BTCUSDT', l: 50 } },
  ]);
  expect(set('50').leverage).toBe(50);
  expect(trader.events).toHaveLength(1);
  for (const bad of ['0', '126', 'x', '1.5', '-5'])
    expect(set(bad)).toMatchObject({ status: 400, code: -4028, msg: `Leverage ${bad} is not valid` });
  // 1.5 × 60,000 = 90,000: above the 50,000 that leverage 125 allows; at leverage 10 it needs 9,000 of 4,955 left
  expect(
    ask('POST', '/fapi/v1/order', { ...MARKET, newOrderRespType: 'RESULT', quantity: '1.5', side: 'BUY' }).status,
  ).toBe('FILLED');
  expect(set('125')).toMatchObject({ code: -2027 });
  expect(set('10')).toMatchObject({ code: -2028 });
  expect(set('40').leverage).toBe(40);
  expect(ask('GET', '/fapi/v1/symbolConfig', BTC)).toEqual([
    {
      ...{ symbol: 'BTCUSDT', marginType: 'CROSSED', isAutoAddMargin: false, leverage: 40 },
      maxNotionalValue: '12000000',
    },
  ]);
});

test('margin type, position mode and multi-assets mode change only without orders and positions', async () => {
  const { ask, trader } = await started();
  const type = (marginType: string) => ask('POST', '/fapi/v1/marginType', { ...BTC, marginType });
  const dual = (dualSidePosition: string) => ask('POST', '/fapi/v1/positionSide/dual', { dualSidePosition });
  const multi = (multiAssetsMargin: string) => ask('POST', '/fapi/v1/multiAssetsMargin', { multiAssetsMargin });
  const code = ({ code: of }: { code: number }) => of;
  expect([type('CROSSED'), dual('false'), multi('false')].map(code)).toEqual([-4046, -4059, -4171]);
  expect([type('LOOSE'), dual('yes'), multi('')].map(code)).toEqual([-1130, -1130, -1102]);
  const { orderId } = ask('POST', '/fapi/v1/order', RESTING);
  expect([type('ISOLATED'), dual('true'), multi('true')].map(code)).toEqual([-4047, -4067, -4170]);
  ask('DELETE', '/fapi/v1/order', { ...BTC, orderId });
  ask('POST', '/fapi/v1/order', { ...MARKET, side: 'BUY' });
  expect([type('ISOLATED'), dual('true')].map(code)).toEqual([-4048, -4068]);
  ask('POST', '/fapi/v1/order', { ...MARKET, side: 'SELL' });
  expect(type('ISOLATED')).toEqual({ code: 200, msg: 'success' });
  expect(multi('true')).toMatchObject({ code: -4167 });
  type('CROSSED');
  trader.events.length = 0;
  expect(multi('true')).toEqual({ code: 200, msg: 'success' });
  expect(trader.events).toEqual([{ e: 'ACCOUNT_CONFIG_UPDATE', E: START_MS, T: START_MS, ai: { j: true } }]);
  expect(type('ISOLATED')).toMatchObject({ code: -4168 });
  expect(dual('true')).toEqual({ code: 200, msg: 'success' });
  expect([ask('GET', '/fapi/v1/positionSide/dual'), ask('GET', '/fapi/v1/multiAssetsMargin')]).toEqual([
    { dualSidePosition: true },
    { multiAssetsMargin: true },
  ]);
  expect(ask('GET', '/fapi/v1/accountConfig')).toEqual({
    ...{ feeTier: 0, canTrade: true, canDeposit: true, canWithdraw: true, dualSidePosition: true, updateTime: 0 },
    ...{ multiAssetsMargin: true, tradeGroupId: -1 },
  });
});

test('commissionRate, feeBurn, apiTradingStatus and adlQuantile', async () => {
  const { ask, session } = await started();
  expect(ask('GET', '/fapi/v1/commissionRate', BTC)).toEqual({
    ...{ symbol: 'BTCUSDT', makerCommissionRate: '0.0002', takerCommissionRate: '0.0005' },
    rpiCommissionRate: '0.00005',
  });
  expect(ask('GET', '/fapi/v1/feeBurn')).toEqual({ feeBurn: false });
  ask('POST', '/fapi/v1/feeBurn', { feeBurn: 'true' });
  expect(ask('GET', '/fapi/v1/feeBurn')).toEqual({ feeBurn: true });
  expect(ask('GET', '/fapi/v1/apiTradingStatus')).toEqual({ indicators: {}, updateTime: START_MS });
  expect(ask('GET', '/fapi/v1/adlQuantile')).toEqual([]);
  const [first, second] = session.traders as [Trader, Trader];
  session.call(second, 'POST', '/fapi/v1/leverage', { ...BTC, leverage: '50' });
  for (const one of [first, second]) session.call(one, 'POST', '/fapi/v1/order', { ...MARKET, side: 'BUY' });
  session.jump('BTCUSDT', 1);
  // In profit the higher leverage is closed first.
  const of = (one: Trader) => session.call(one, 'GET', '/fapi/v1/adlQuantile', BTC);
  expect([of(first), of(second)]).toEqual([
    [{ symbol: 'BTCUSDT', adlQuantile: { LONG: 0, SHORT: 0, BOTH: 2 } }],
    [{ symbol: 'BTCUSDT', adlQuantile: { LONG: 0, SHORT: 0, BOTH: 4 } }],
  ]);
});

test('income lists what changed the wallet, by type, symbol and time', async () => {
  const { ask, session } = await started();
  ask('POST', '/fapi/v1/order', { ...MARKET, side: 'BUY' });
  await session.pass(1_000);
  ask('POST', '/fapi/v1/order', { ...MARKET, side: 'SELL' });
  const rows = (parameters = {}) => ask('GET', '/fapi/v1/income', parameters);
  const amounts = (parameters = {}) => rows(parameters).map((row: Record<string, string>) => row['income']);
  // Fees 30,000.05 and 29,999.95 × 0.05 %; PnL 0.5 × −0.2
  expect(amounts()).toEqual(['-15.00002500', '-0.10000000', '-14.99997500']);
  expect(Object.keys(rows()[0]).join(' ')).toBe('symbol incomeType income asset time info tranId tradeId');
  expect(amounts({ incomeType: 'REALIZED_PNL' })).toEqual(['-0.10000000']);
  expect(amounts({ startTime: String(START_MS + 1), limit: '1' })).toEqual(['-0.10000000']);
  expect(amounts({ endTime: String(START_MS) })).toEqual(['-15.00002500']);
  expect(amounts({ limit: '1' })).toEqual(['-14.99997500']);
  expect(amounts({ symbol: 'ETHUSDT' })).toEqual([]);
  expect(rows({ symbol: 'NONE' })).toMatchObject({ code: -1121 });
  expect(rows({ limit: '1001' })).toMatchObject({ code: -1130 });
});

test.each<[string, string, number]>([
  ...['v2', 'v3'].flatMap((version): [string, string, number][] =>
    ['account', 'balance', 'positionRisk'].map((name) => ['GET', `/fapi/${version}/${name}`, 5]),
  ),
  ['GET', '/fapi/v1/leverageBracket', 1],
  ['POST', '/fapi/v1/leverage', 1],
  ['POST', '/fapi/v1/marginType', 1],
  ['POST', '/fapi/v1/positionMargin', 1],
  ['GET', '/fapi/v1/positionMargin/history', 1],
  ['GET', '/fapi/v1/positionSide/dual', 30],
  ['POST', '/fapi/v1/positionSide/dual', 1],
  ['GET', '/fapi/v1/multiAssetsMargin', 30],
  ['POST', '/fapi/v1/multiAssetsMargin', 1],
  ['GET', '/fapi/v1/accountConfig', 5],
  ['GET', '/fapi/v1/symbolConfig', 5],
  ['GET', '/fapi/v1/commissionRate', 20],
  ['GET', '/fapi/v1/income', 30],
  ['GET', '/fapi/v1/adlQuantile', 5],
  ['GET', '/fapi/v1/forceOrders', 50],
])('%s %s weighs %i', (method, path, weight) => {
  const endpoint = ENDPOINTS.find((one) => one.method === method && one.path === path);
  expect(endpoint?.weight(new URLSearchParams())).toBe(weight);
});
