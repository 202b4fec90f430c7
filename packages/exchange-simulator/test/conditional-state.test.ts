import { expect, test } from 'vitest';
import { ConditionalPart } from '../src/state/conditional-part.ts';
import { StateContent } from '../src/state/state-content.ts';
import type { ConditionalOrder } from '../src/trading/conditional-order.ts';
import type { Order } from '../src/trading/order.ts';
import { ControlledMarket } from './foreign/controlled-market.ts';
import { type Trader, TradingSession } from './trading-session.ts';
import { START_MS } from './venue-client.ts';

const STOP = { algoType: 'CONDITIONAL', symbol: 'BTCUSDT', side: 'SELL', type: 'STOP_MARKET', quantity: '0.002' };

async function sessionOn(market: ControlledMarket): Promise<{ session: TradingSession; trader: Trader }> {
  const session = await TradingSession.on(market, START_MS, ['10000']);
  return { session, trader: session.traders[0] as Trader };
}
async function trade(market: ControlledMarket, session: TradingSession): Promise<void> {
  market.trade({ price: '58990.00', quantity: '0.001', taker: 'SELL' });
  await session.pass(20);
}

/** A stop and the order that it became, as a file has them that ends before the stop was written as TRIGGERED. */
async function killedAtTrigger(): Promise<{ stop: ConditionalOrder; actual: Order }> {
  const market = new ControlledMarket();
  const { session, trader } = await sessionOn(market);
  session.call(trader, 'POST', '/fapi/v1/algoOrder', { ...STOP, triggerPrice: '59000' });
  await trade(market, session);
  const { conditional, accounts } = session.exchange.trading;
  const [stop] = conditional.book.history(trader.id);
  const account = accounts.byId(trader.id);
  const [actual] = account === undefined ? [] : accounts.history(account).closedOrders();
  if (stop === undefined || actual === undefined) throw new Error('the stop did not trigger');
  return { stop: { ...stop, status: 'TRIGGERING', actual: undefined }, actual };
}

test.each([
  ['written', 'FINISHED', 'FINISHED', 0],
  ['not written', 'NEW', 'FINISHED', 1],
])('a stop that was killed at its trigger, its order %s, sells once', async (what, before, after, orders) => {
  const { stop, actual } = await killedAtTrigger();
  const content = new StateContent();
  const rows: [string, unknown][] = what === 'written' ? [[String(actual.id), actual]] : [];
  content.add({ at: START_MS, tables: { orders: rows, conditional: [[String(stop.id), stop]] } });
  const market = new ControlledMarket();
  const { session, trader } = await sessionOn(market);
  const { conditional, accounts } = session.exchange.trading;
  new ConditionalPart(conditional, accounts).restore(content);
  const status = () => session.call(trader, 'GET', '/fapi/v1/algoOrder', { algoId: String(stop.id) }).algoStatus;
  expect(status()).toBe(before);
  await trade(market, session);
  expect(status()).toBe(after);
  const sold = session.call(trader, 'GET', '/fapi/v1/allOrders', { symbol: 'BTCUSDT' });
  expect(sold).toHaveLength(orders);
});
