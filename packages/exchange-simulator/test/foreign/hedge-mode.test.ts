import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningExchange } from '../../src/start-exchange.ts';
import { type CcxtClient, ccxtOn, officialOn, sieblyOn } from './clients.ts';
import { ControlledMarket } from './controlled-market.ts';
import { useLocalNetworkOnly } from './local-network.ts';
import { KEY, type Row, SYMBOL, startSession } from './session.ts';

const MARKET = 'BTC/USDT:USDT';
const symbol = SYMBOL;

let venue: RunningExchange;
let ccxt: CcxtClient;

useLocalNetworkOnly();
beforeAll(async () => {
  venue = await startSession(new ControlledMarket());
  ccxt = await ccxtOn(venue, KEY);
  await ccxt.loadMarkets();
  await ccxt.setPositionMode(true, MARKET);
});
afterAll(async () => {
  await ccxt?.close();
  await venue?.stop();
});

const of = async (call: Promise<{ data(): Promise<unknown> }>): Promise<Row> => (await call).data();
const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no refusal',
    ({ code }) => code,
  );

test('in hedge mode the clients hold a long and a short position of one symbol, and close each', async () => {
  const { restAPI } = officialOn(venue, KEY);
  const { rest } = sieblyOn(venue, KEY);
  const long = { symbol, type: 'MARKET', positionSide: 'LONG', quantity: 0.004 } as const;
  const short = { symbol, type: 'MARKET', positionSide: 'SHORT', quantity: 0.01 } as const;
  await of(restAPI.newOrder({ ...long, side: 'BUY' } as never));
  await rest.submitNewOrder({ ...short, side: 'SELL' });
  const positions: Row[] = await ccxt.fetchPositions([MARKET]);
  expect(positions.map(({ side, contracts, entryPrice, hedged }) => [side, contracts, entryPrice, hedged])).toEqual([
    ['long', 0.004, 60_001, true],
    ['short', 0.01, 59_999, true],
  ]);
  // Each of these would be an order of one-way mode.
  expect(await codeOf(rest.submitNewOrder({ symbol, type: 'MARKET', side: 'BUY', quantity: 0.01 }))).toBe(-4061);
  expect(await codeOf(rest.submitNewOrder({ ...short, side: 'BUY', reduceOnly: 'true' }))).toBe(-1106);
  expect(await codeOf(rest.setPositionMode({ dualSidePosition: 'false' }))).toBe(-4068);
  await ccxt.createOrder(MARKET, 'market', 'sell', 0.004, undefined, { positionSide: 'LONG' });
  await of(restAPI.newOrder({ ...short, side: 'BUY' } as never));
  expect(await rest.getPositionsV3({ symbol })).toEqual([]);
  const realised = (await rest.getIncomeHistory({ incomeType: 'REALIZED_PNL' })).map(({ income }) => income);
  // (59,999 − 60,001) × 0.004; the short buys 0.004 at 60,001 and 0.006 at 60,002: 599.99 − 600.016.
  expect(realised).toEqual(['-0.00800000', '-0.00800000', '-0.01800000']);
});
