import { expect, test } from 'vitest';
import { stillMarket } from './still-market.ts';
import { type Trader, TradingSession } from './trading-session.ts';
import { START_MS } from './venue-client.ts';

const BTC = { symbol: 'BTCUSDT' };
const MARKET = { ...BTC, type: 'MARKET' };

async function isolated(hedge = false) {
  const session = await TradingSession.on(stillMarket(), START_MS, ['5000']);
  const [trader] = session.traders as [Trader];
  const ask = (method: string, path: string, parameters: Record<string, string> = {}) =>
    session.call(trader, method, path, parameters);
  ask('POST', '/fapi/v1/marginType', { ...BTC, marginType: 'ISOLATED' });
  if (hedge) ask('POST', '/fapi/v1/positionSide/dual', { dualSidePosition: 'true' });
  const order = (more: Record<string, string>) => ask('POST', '/fapi/v1/order', { ...MARKET, ...more });
  const margin = (more: Record<string, string>) => ask('POST', '/fapi/v1/positionMargin', { ...BTC, ...more });
  const row = () => ask('GET', '/fapi/v3/positionRisk')[0];
  const usdt = () => ask('GET', '/fapi/v3/account').assets[0];
  return { session, trader, ask, order, margin, row, usdt };
}

test('opening moves the initial margin to the isolated wallet, closing moves it back', async () => {
  const { trader, order, row, usdt } = await isolated();
  order({ side: 'BUY', quantity: '0.5' });
  // 0.5 × 60,000.1 / 20 = 1,500.0025; fee 15.000025 from the crossed wallet: 5,000 − 15.000025 − 1,500.0025
  expect(usdt()).toMatchObject({
    ...{ walletBalance: '4984.99997500', crossWalletBalance: '3484.99747500', availableBalance: '3484.99747500' },
    ...{ unrealizedProfit: '-0.05000000', crossUnPnl: '0.00000000' },
  });
  // Liquidation (30,000.05 − 1,500.0025) / 0.498; isolated margin 1,500.0025 − 0.05
  expect(row()).toMatchObject({
    ...{ isolatedWallet: '1500.00250000', isolatedMargin: '1499.95250000', liquidationPrice: '57229.01104418' },
  });
  expect(trader.events.at(-2).a).toMatchObject({
    B: [{ wb: '4984.99997500', cw: '3484.99747500' }],
    P: [{ mt: 'isolated', iw: '1500.00250000' }],
  });
  order({ side: 'SELL', quantity: '0.2' });
  expect(row()).toMatchObject({ positionAmt: '0.300', isolatedWallet: '900.00150000' });
  order({ side: 'SELL', quantity: '0.4' });
  // Reversed: 0.1 × 59,999.9 / 20
  expect(row()).toMatchObject({ positionAmt: '-0.100', isolatedWallet: '299.99950000' });
  order({ side: 'BUY', quantity: '0.1' });
  const { walletBalance, crossWalletBalance } = usdt();
  expect(crossWalletBalance).toBe(walletBalance);
});

test('an isolated loss leaves the crossed money alone', async () => {
  const { session, order, usdt } = await isolated();
  order({ side: 'BUY', quantity: '0.5' });
  session.jump('BTCUSDT', -4);
  expect(usdt()).toMatchObject({ availableBalance: '3484.99747500', unrealizedProfit: '-1200.05000000' });
});

test('positionMargin adds and takes out money, tells the user stream and keeps a history', async () => {
  const { trader, ask, order, margin, row, usdt } = await isolated();
  order({ side: 'BUY', quantity: '0.5' });
  trader.events.length = 0;
  expect(margin({ type: '1', amount: '100' })).toEqual({
    ...{ amount: 100, code: 200, msg: 'Successfully modify position margin.', type: 1 },
  });
  expect(row()).toMatchObject({ isolatedWallet: '1600.00250000' });
  expect(usdt()).toMatchObject({ walletBalance: '4984.99997500', crossWalletBalance: '3384.99747500' });
  expect(trader.events).toMatchObject([
    {
      e: 'ACCOUNT_UPDATE',
      a: {
        m: 'MARGIN_TRANSFER',
        B: [{ a: 'USDT', wb: '4984.99997500', cw: '3384.99747500' }],
        P: [{ s: 'BTCUSDT', iw: '1600.00250000' }],
      },
    },
  ]);
  // Worth 1,600.0025 − 0.05; the position needs 30,000 / 20 = 1,500: 99.9525 may go
  expect(margin({ type: '2', amount: '99.95250001' })).toMatchObject({ code: -4051 });
  expect(margin({ type: '2', amount: '99.9525' })).toMatchObject({ code: 200, type: 2 });
  expect(row()).toMatchObject({ isolatedWallet: '1500.05000000' });
  const history = (type: object = {}) => ask('GET', '/fapi/v1/positionMargin/history', { ...BTC, ...type });
  const kept = { symbol: 'BTCUSDT', deltaType: 'USER_ADJUST', asset: 'USDT', time: START_MS, positionSide: 'BOTH' };
  expect(history()).toEqual([
    { ...kept, type: 1, amount: '100.00000000' },
    { ...kept, type: 2, amount: '99.95250000' },
  ]);
  expect(history({ type: '2' })).toHaveLength(1);
});

test('positionMargin refuses and changes nothing', async () => {
  const { session, trader, ask, order, margin, usdt } = await isolated();
  expect(margin({ type: '1', amount: '1' })).toMatchObject({ code: -4054 });
  order({ side: 'BUY', quantity: '0.5' });
  const before = JSON.stringify([usdt(), trader.events]);
  expect(margin({ type: '1', amount: '3484.99747501' })).toMatchObject({ code: -4050 });
  expect(margin({ type: '1', amount: '0' })).toMatchObject({ code: -4055 });
  expect(margin({ type: '1', amount: '-3' })).toMatchObject({ code: -4055 });
  expect(margin({ type: '1', amount: '1e3' })).toMatchObject({ code: -1100 });
  expect(margin({ type: '3', amount: '1' })).toMatchObject({ code: -1130 });
  expect(margin({ type: '1', amount: '1', positionSide: 'LONG' })).toMatchObject({ code: -4061 });
  const other = { symbol: 'ETHUSDT', type: '1', amount: '1' };
  expect(ask('POST', '/fapi/v1/positionMargin', other)).toMatchObject({ code: -4049 });
  expect(ask('POST', '/fapi/v1/leverage', { ...BTC, leverage: '10' })).toMatchObject({ code: -4161 });
  expect(JSON.stringify([usdt(), trader.events])).toBe(before);
  session.jump('BTCUSDT', 1);
  expect(margin({ type: '2', amount: '1' })).toMatchObject({ code: -4051 });
});

test('hedge mode: each side has its own wallet, and both stand beside each other', async () => {
  const { ask, order, margin } = await isolated(true);
  order({ side: 'BUY', positionSide: 'LONG', quantity: '0.2' });
  order({ side: 'SELL', positionSide: 'SHORT', quantity: '0.1' });
  expect(margin({ type: '1', amount: '50', positionSide: 'SHORT' })).toMatchObject({ code: 200 });
  expect(margin({ type: '1', amount: '50' })).toMatchObject({ code: -4061 });
  // 12,000.02 / 20 and 5,999.99 / 20 + 50; liquidation of SHORT: (5,999.99 + 349.9995) / (0.1 × 1.004)
  expect(ask('GET', '/fapi/v3/positionRisk')).toMatchObject([
    { positionSide: 'LONG', positionAmt: '0.200', isolatedWallet: '600.00100000' },
    {
      ...{ positionSide: 'SHORT', positionAmt: '-0.100', isolatedWallet: '349.99950000' },
      liquidationPrice: '63246.90737052',
    },
  ]);
  order({ side: 'SELL', positionSide: 'LONG', quantity: '0.2' });
  expect(ask('GET', '/fapi/v3/positionRisk')).toMatchObject([{ positionSide: 'SHORT', positionAmt: '-0.100' }]);
});
