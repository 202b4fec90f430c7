import { beforeEach, describe, expect, test } from 'vitest';
import { ControlledMarket } from './foreign/controlled-market.ts';
import { type Trader, TradingSession } from './trading-session.ts';
import { START_MS } from './venue-client.ts';

const SYMBOL = 'BTCUSDT';
const PATH = '/fapi/v1/algoOrder';

let session: TradingSession;
let trader: Trader;

beforeEach(async () => {
  session = await TradingSession.on(new ControlledMarket(), START_MS, ['10000']);
  [trader] = session.traders as [Trader];
});

type Parameters = Readonly<Record<string, string>>;

function place(parameters: Parameters) {
  return session.call(trader, 'POST', PATH, { algoType: 'CONDITIONAL', symbol: SYMBOL, ...parameters });
}
function buy() {
  return session.call(trader, 'POST', '/fapi/v1/order', {
    ...{ symbol: SYMBOL, side: 'BUY', type: 'MARKET', quantity: '0.003' },
  });
}

const STOP = { side: 'SELL', type: 'STOP_MARKET', quantity: '0.002', triggerPrice: '59000' };

describe('refusals change nothing', () => {
  const omit = (name: string): Parameters => Object.fromEntries(Object.entries(STOP).filter(([one]) => one !== name));
  const TRAILING = { side: 'SELL', type: 'TRAILING_STOP_MARKET', quantity: '0.002', callbackRate: '1' };
  test.each<[string, Parameters, number, string?]>([
    ['a sell stop above the price', { ...STOP, triggerPrice: '60000.00' }, -2021, 'Order would immediately trigger.'],
    ['a buy stop below the price', { ...STOP, side: 'BUY' }, -2021],
    ['a sell take-profit below the price', { ...STOP, type: 'TAKE_PROFIT_MARKET' }, -2021],
    ['a trailing sell activated below the price', { ...TRAILING, activatePrice: '60000' }, -2021],
    ['a trailing stop with a trigger price', { ...TRAILING, triggerPrice: '59000' }, -2021],
    ['a callback rate of 0.05', { ...TRAILING, callbackRate: '0.05' }, -2007, 'Invalid callBack rate.'],
    ['a callback rate of 20.1', { ...TRAILING, callbackRate: '20.1' }, -2007],
    ['reduce-only and close', { ...omit('quantity'), closePosition: 'true', reduceOnly: 'true' }, -1106],
    ['a quantity and close', { ...STOP, closePosition: 'true' }, -4137],
    ['a STOP that closes', { ...omit('quantity'), type: 'STOP', closePosition: 'true', price: '59000' }, -4136],
    ['a position side in one-way mode', { ...STOP, positionSide: 'LONG' }, -4061],
    ['no trigger price', omit('triggerPrice'), -1102],
    ['no quantity', omit('quantity'), -1102],
    ['no price of a STOP', { ...STOP, type: 'STOP' }, -1102],
    ['a price between ticks', { ...STOP, type: 'STOP', price: '59000.05' }, -4014],
    ['a price with too many decimals', { ...STOP, type: 'STOP', price: '59000.001' }, -1111],
    ['a trigger price with too many decimals', { ...STOP, triggerPrice: '59000.001' }, -1111],
    ['a quantity with too many decimals', { ...STOP, quantity: '0.0001' }, -1111],
    ['no quantity at all', { ...STOP, quantity: '0' }, -4003],
    ['an unknown type', { ...STOP, type: 'MARKET' }, -1116],
    ['an unknown time in force', { ...STOP, timeInForce: 'DAY' }, -1115],
    ['a good-till date too near', { ...STOP, timeInForce: 'GTD', goodTillDate: String(START_MS + 600_000) }, -5040],
    ['a client id of 37 characters', { ...STOP, clientAlgoId: 'x'.repeat(37) }, -4015],
    ['a reduce-only that is neither true nor false', { ...STOP, reduceOnly: 'yes' }, -4062],
    ['a close that is neither true nor false', { ...STOP, closePosition: '1' }, -1102],
    ['a price protection that is empty', { ...STOP, priceProtect: '' }, -1102],
    ['an unknown contract', { ...STOP, symbol: 'NONEUSDT' }, -1121],
  ])('%s', (_, parameters, code, msg) => {
    buy();
    const before = trader.events.length;
    const answer = place(parameters);
    expect(answer).toMatchObject({ kind: 'REFUSED', status: 400, code });
    if (msg !== undefined) expect(answer.msg).toBe(msg);
    expect(session.call(trader, 'GET', '/fapi/v1/openAlgoOrders')).toEqual([]);
    expect(trader.events.length).toBe(before);
  });

  test('a trigger price between ticks is accepted, as at the venue', () => {
    expect(place({ ...STOP, triggerPrice: '59000.75' })).toMatchObject({ triggerPrice: '59000.75', algoStatus: 'NEW' });
    expect(trader.events.at(-1).o.tp).toBe('59000.75');
  });

  test('a client id is unique among waiting orders only', () => {
    const { algoId } = place({ ...STOP, clientAlgoId: 'same' });
    expect(place({ ...STOP, clientAlgoId: 'same' })).toMatchObject({ code: -4116 });
    session.call(trader, 'DELETE', PATH, { algoId });
    const second = place({ ...STOP, clientAlgoId: 'same' });
    expect(session.call(trader, 'GET', PATH, { clientAlgoId: 'same' }).algoId).toBe(second.algoId);
  });

  test('reduce-only in hedge mode', () => {
    const account = session.exchange.trading.accounts.byId(trader.id);
    if (account !== undefined) account.isHedge = true;
    expect(place({ ...STOP, positionSide: 'LONG', reduceOnly: 'false' })).toMatchObject({
      ...{ code: -1106, msg: "Parameter 'reduceonly' sent when not required." },
    });
    expect(place(STOP)).toMatchObject({ code: -4061 });
    expect(place({ ...STOP, positionSide: 'LONG' }).algoStatus).toBe('NEW');
  });
});

test('a contract that settles takes no conditional order', () => {
  session.exchange.faults.set([{ fault: 'symbol', symbol: SYMBOL, status: 'SETTLING' }], START_MS);
  session.exchange.applyFaults();
  expect(place(STOP)).toMatchObject({ kind: 'REFUSED', code: -4108 });
});
