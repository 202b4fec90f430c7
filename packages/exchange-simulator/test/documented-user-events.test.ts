import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { ControlledMarket } from './foreign/controlled-market.ts';
import { type Trader, TradingSession } from './trading-session.ts';
import { DATA, START_MS } from './venue-client.ts';

const FOLDER = join(DATA, 'messages/documented');
const documented = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));

let market: ControlledMarket;
let session: TradingSession;
let trader: Trader;

beforeEach(async () => {
  market = new ControlledMarket();
  session = await TradingSession.on(market, START_MS, ['10000']);
  [trader] = session.traders as [Trader];
});

/** Fields with their types: `o.p string`. Of a list the first row counts. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return fieldsOf(value[0], path);
  if (typeof value !== 'object' || value === null) return [`${path} ${kindOf(value)}`];
  return Object.entries(value).flatMap(([name, field]) => fieldsOf(field, path === '' ? name : `${path}.${name}`));
}

/** Ids above 2^53 arrive here as texts of their digits. */
function kindOf(value: unknown): string {
  return typeof value === 'string' && /^\d{16,}$/.test(value) ? 'number' : typeof value;
}

/** How our message differs from the documented one: `-` a documented field that ours lacks, `+` one that it adds. */
function changes(name: string, ours: unknown): string[] {
  const [theirs, own] = [fieldsOf(documented(name)), fieldsOf(ours)];
  return [
    ...theirs.filter((field) => !own.includes(field)).map((field) => `- ${field}`),
    ...own.filter((field) => !theirs.includes(field)).map((field) => `+ ${field}`),
  ];
}

const order = (parameters: Readonly<Record<string, string>>) =>
  session.call(trader, 'POST', '/fapi/v1/order', { symbol: 'BTCUSDT', ...parameters });
const algo = (parameters: Readonly<Record<string, string>>) =>
  session.call(trader, 'POST', '/fapi/v1/algoOrder', { symbol: 'BTCUSDT', algoType: 'CONDITIONAL', ...parameters });
const last = (type: string) => trader.events.findLast(({ e }) => e === type);
const STOP = { side: 'SELL', type: 'STOP_MARKET', quantity: '0.002', triggerPrice: '59000' };

describe.skipIf(!existsSync(FOLDER))('user events have the documented fields', () => {
  test('ALGO_UPDATE', () => {
    const { algoId } = algo(STOP);
    // Captures of 2026 have the fields of the ordinary order and the reason only when they have a value.
    const expected = ['- o.ap string', '- o.aq string', '- o.act string', '- o.rm string', '+ o.ia boolean'];
    expect(changes('algo_update_new', last('ALGO_UPDATE'))).toEqual(expected);
    session.call(trader, 'DELETE', '/fapi/v1/algoOrder', { algoId });
    expect(changes('algo_update_canceled', last('ALGO_UPDATE'))).toEqual(expected);
  });

  test('ALGO_UPDATE of a triggered and of a rejected order', async () => {
    for (const reduceOnly of ['false', 'true']) algo({ ...STOP, side: 'BUY', triggerPrice: '61000', reduceOnly });
    market.trade({ price: '61000.00', quantity: '0.001', taker: 'BUY' });
    await session.pass(20);
    const updates = trader.events.filter(({ e }) => e === 'ALGO_UPDATE');
    const of = (state: string) => updates.find(({ o }) => o.X === state);
    expect(changes('algo_update_new', of('FINISHED'))).toEqual([
      '- o.ai string',
      '- o.rm string',
      '+ o.ai number',
      '+ o.ia boolean',
    ]);
    expect(changes('algo_update_new', of('REJECTED'))).toEqual([
      '- o.ap string',
      '- o.aq string',
      '- o.act string',
      '+ o.ia boolean',
    ]);
  });

  test('ORDER_TRADE_UPDATE of a trailing stop’s order', async () => {
    algo({ side: 'SELL', type: 'TRAILING_STOP_MARKET', quantity: '0.002', callbackRate: '1' });
    market.trade({ price: '59400.00', quantity: '0.001', taker: 'SELL' });
    await session.pass(20);
    const [placed, filled] = trader.events.filter(({ e }) => e === 'ORDER_TRADE_UPDATE');
    // The documentation has no fields of 2023 and later: price match, good-till date, expiry reason.
    const later = ['+ o.pm string', '+ o.gtd number', '+ o.er string'];
    expect(changes('order_update_new', placed)).toEqual(later);
    expect(changes('order_update_trade', filled)).toEqual(later);
  });

  test('ORDER_TRADE_UPDATE and TRADE_LITE of a LIMIT order that fills in parts', async () => {
    order({ side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.010', price: '60001.00' });
    const update = trader.events.find(({ o }) => o?.X === 'PARTIALLY_FILLED');
    // No capture has activation price and callback rate on other orders.
    const expected = ['- o.AP string', '- o.cr string', '+ o.pm string', '+ o.gtd number', '+ o.er string'];
    expect(changes('order_update_trade_partial', update)).toEqual(expected);
    expect(changes('trade_lite', last('TRADE_LITE'))).toEqual([]);
  });

  test('ACCOUNT_UPDATE', () => {
    order({ side: 'BUY', type: 'MARKET', quantity: '0.002' });
    // Captures since 2021 name the margin asset.
    expect(changes('account_update', last('ACCOUNT_UPDATE'))).toEqual(['+ a.P.ma string']);
  });

  test('the orders of a liquidation, an insurance fund and an auto-deleveraging', () => {
    const closed = (prefix: string) =>
      trader.events.findLast(({ o }) => o?.x === 'CALCULATED' && o.c.startsWith(prefix)) ??
      trader.events.findLast(({ o }) => o?.c.startsWith(prefix));
    const { liquidator, accounts } = session.exchange.trading;
    const account = accounts.byId(trader.id);
    if (account === undefined) throw new Error('no account');
    // Captures since 2021 have activation price and callback rate of trailing stops only.
    const expected = ['- o.AP string', '- o.cr string', '+ o.pm string', '+ o.gtd number', '+ o.er string'];
    order({ side: 'BUY', type: 'MARKET', quantity: '0.010' });
    liquidator.force(account, 'BTCUSDT');
    expect(changes('order_update_calculated', closed('autoclose-'))).toEqual(expected);
    const placed = trader.events.find(({ o }) => o?.c.startsWith('autoclose-') && o.X === 'NEW');
    expect(changes('order_update_calculated_pending', placed)).toEqual([
      ...['- o.AP string', '- o.cr string', '+ o.n string', '+ o.N string'],
      ...['+ o.pm string', '+ o.gtd number', '+ o.er string'],
    ]);
    order({ side: 'BUY', type: 'MARKET', quantity: '0.010' });
    liquidator.deleverage(account, 'BTCUSDT');
    expect(changes('order_update_adl', closed('adl_autoclose'))).toEqual(expected);
    order({ side: 'BUY', type: 'MARKET', quantity: '2.000' });
    session.jump('BTCUSDT', -99);
    expect(changes('order_update_insurance', closed('autoclose-insurance-'))).toEqual(expected);
  });

  test('account, balance, position and order rows of REST', () => {
    order({ side: 'BUY', type: 'MARKET', quantity: '0.010' });
    const read = (path: string) => session.call(trader, 'GET', path);
    const [row] = session.call(trader, 'GET', '/fapi/v1/allOrders', { symbol: 'BTCUSDT' });
    expect([
      changes('account_info_v2', read('/fapi/v2/account')),
      changes('balance', read('/fapi/v3/balance')),
      changes('position_risk', read('/fapi/v2/positionRisk')),
      changes('order_response', row),
    ]).toEqual([['+ feeBurn boolean', '+ positions.breakEvenPrice string'], [], [], []]);
  });

  test('the rows of openAlgoOrders', () => {
    algo(STOP);
    const rows = session.call(trader, 'GET', '/fapi/v1/openAlgoOrders');
    const found = changes('open_algo_orders', rows);
    // Captures and the venue's own client say orderType.
    expect(found.filter((change) => change.startsWith('-'))).toEqual(['- type string']);
    expect(found).toContain('+ orderType string');
  });
});
