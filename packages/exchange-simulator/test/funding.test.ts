import { expect, test } from 'vitest';
import { STILL_BOOKS, stillMarket } from './still-market.ts';
import { type Trader, TradingSession } from './trading-session.ts';

/** Ten seconds before a funding. */
const START = Date.UTC(2026, 9, 7, 15, 59, 50);
const DUE = Date.UTC(2026, 9, 7, 16);
const BTC = { symbol: 'BTCUSDT' };

async function sessionOn(source = stillMarket()) {
  const session = await TradingSession.on(source, START, ['5000', '5000']);
  const [long, short] = session.traders as [Trader, Trader];
  const order = (trader: Trader, side: string, quantity: string) =>
    session.call(trader, 'POST', '/fapi/v1/order', { ...BTC, type: 'MARKET', side, quantity });
  const income = (trader: Trader) => session.call(trader, 'GET', '/fapi/v1/income', { incomeType: 'FUNDING_FEE' });
  const wallet = (trader: Trader) => session.call(trader, 'GET', '/fapi/v3/account').totalWalletBalance;
  return { session, long, short, order, income, wallet };
}

test('a positive rate moves mark price × quantity × rate from the long to the short, at its time', async () => {
  const { session, long, short, order, income, wallet } = await sessionOn();
  order(long, 'BUY', '0.5');
  order(short, 'SELL', '0.2');
  await session.pass(9_999);
  expect([income(long), income(short)]).toEqual([[], []]);
  long.events.length = 0;
  await session.pass(1);
  // 30,000 × 0.01 % = 3; 12,000 × 0.01 % = 1.2; fees 15.000025 and 0.2 × 59,999.9 × 0.05 % = 5.99999
  expect([wallet(long), wallet(short)]).toEqual(['4981.99997500', '4995.20001000']);
  expect(income(long)).toEqual([
    {
      ...{ symbol: 'BTCUSDT', incomeType: 'FUNDING_FEE', income: '-3.00000000', asset: 'USDT', time: DUE },
      ...{ info: 'FUNDING_FEE', tranId: expect.any(String), tradeId: '' },
    },
  ]);
  expect(income(short)).toMatchObject([{ income: '1.20000000' }]);
  expect(long.events).toEqual([
    {
      ...{ e: 'ACCOUNT_UPDATE', T: DUE, E: DUE },
      a: { B: [{ a: 'USDT', wb: '4981.99997500', cw: '4981.99997500', bc: '-3.00000000' }], P: [], m: 'FUNDING_FEE' },
    },
  ]);
});

test('each funding time counts once, however far the clock moves', async () => {
  const { session, long, order, income } = await sessionOn();
  order(long, 'BUY', '0.5');
  await session.pass(86_400_000);
  expect(income(long).map((row: { time: number }) => row.time)).toEqual([DUE, DUE + 28_800_000, DUE + 57_600_000]);
  await session.pass(1);
  expect(income(long)).toHaveLength(3);
});

test('a negative rate pays the long, at the mark price of that moment', async () => {
  const mark = { symbol: 'BTCUSDT', rate: '-0.00025000' };
  const marks = [
    { ...mark, at: 5_000, price: '60100.00000000' },
    { ...mark, at: 14_000, price: '60200.00000000' },
    { ...mark, at: 16_000, price: '61000.00000000' },
  ];
  const { session, long, order, income } = await sessionOn(stillMarket(STILL_BOOKS, marks));
  order(long, 'BUY', '0.5');
  await session.pass(20_000);
  // 0.5 × 60,200 × 0.025 % = 7.525
  expect(income(long)).toMatchObject([{ income: '7.52500000', time: DUE }]);
});

test('an isolated position pays from its own wallet, and the event tells it', async () => {
  const { session, long, order } = await sessionOn();
  session.call(long, 'POST', '/fapi/v1/marginType', { ...BTC, marginType: 'ISOLATED' });
  order(long, 'BUY', '0.5');
  const cross = () => session.call(long, 'GET', '/fapi/v3/account').totalCrossWalletBalance;
  const before = cross();
  await session.pass(10_000);
  expect(cross()).toBe(before);
  expect(session.call(long, 'GET', '/fapi/v3/positionRisk')).toMatchObject([{ isolatedWallet: '1497.00250000' }]);
  expect(long.events.at(-1).a).toMatchObject({ m: 'FUNDING_FEE', P: [{ s: 'BTCUSDT', iw: '1497.00250000' }] });
});

test('nobody pays without a position', async () => {
  const { session, long, order, income } = await sessionOn();
  order(long, 'BUY', '0.5');
  order(long, 'SELL', '0.5');
  await session.pass(20_000);
  expect(income(long)).toEqual([]);
});
