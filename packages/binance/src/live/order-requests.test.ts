import type { VenueNews } from '@helios/core/live/venue-port.ts';
import { expect, test } from 'vitest';
import type { Endpoint } from '../rest/endpoint.ts';
import type { RestAnswer } from '../rest/rest-answer.ts';
import { FeeConverter } from './fee-converter.ts';
import { LiveGovernor } from './live-governor.ts';
import { OrderRequests } from './order-requests.ts';
import { VenueRequests } from './venue-requests.ts';

const ASKED = { symbol: 'BTCUSDT', clientOrderId: 'he-1' };
const REPORT = {
  ...{ orderId: 5, symbol: 'BTCUSDT', status: 'CANCELED', clientOrderId: 'he-1', price: '60000.00', side: 'BUY' },
  ...{ origQty: '0.010', executedQty: '0.004', reduceOnly: false, updateTime: 9, time: 8 },
};
const TRADE = {
  ...{ symbol: 'BTCUSDT', id: 70, orderId: 5, side: 'BUY', price: '60000', qty: '0.004', maker: true, time: 9 },
  ...{ commission: '0.048', commissionAsset: 'USDT' },
};

/** Requests that are answered with these bodies, by the end of their path. */
function venue(bodies: Readonly<Record<string, unknown>>) {
  const news: VenueNews[] = [];
  const sent: string[] = [];
  const rest = {
    async send<P, T>(endpoint: Endpoint<P, T>, params: P): Promise<RestAnswer<T>> {
      sent.push(endpoint.path);
      const body = bodies[endpoint.path.split('/').at(-1) ?? ''];
      return { kind: 'OK', value: endpoint.parse(body, params) as T, tsSent: 0, tsReceived: 0 };
    },
  };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const orders = new OrderRequests({
    requests: new VenueRequests(rest, new LiveGovernor(() => 0, 1)),
    ...{ fees: new FeeConverter(log), now: () => 10, hearsFills: () => false },
    onNews: (one) => news.push(one),
  });
  return { orders, news, sent };
}

const kinds = (news: readonly VenueNews[]) => news.map((one) => (one.kind === 'ORDER' ? one.event.kind : one.kind));

test('a query tells the trades and then the end of an order', async () => {
  const { orders, news } = venue({ order: REPORT, userTrades: [TRADE] });
  await orders.query(ASKED);
  expect(kinds(news)).toEqual(['FILL', 'CANCELLED']);
  expect(news).toMatchObject([
    { event: { trade_id: '70', quantity: 0.004, fee: 0.048, liquidity: 'MAKER' } },
    { event: { filled_quantity: 0.004 } },
  ]);
});

test('while trades are missing, the end of an order is not told', async () => {
  const { orders, news } = venue({ order: { ...REPORT, executedQty: '0.008' }, userTrades: [TRADE] });
  await orders.query(ASKED);
  expect(kinds(news)).toEqual(['FILL', 'ORDER_UNKNOWN']);
});

test('trades of other orders in the answer are left out', async () => {
  const { orders, news } = venue({ order: REPORT, userTrades: [{ ...TRADE, orderId: 6, id: 71 }, TRADE] });
  await orders.query(ASKED);
  expect(kinds(news)).toEqual(['FILL', 'CANCELLED']);
});

test.each([{ clientOrderId: 'web_1' }, { symbol: 'ETHUSDT' }])(
  'an answer about another order (%j) proves nothing',
  async (other) => {
    const { orders, news } = venue({ order: { ...REPORT, ...other }, userTrades: [TRADE] });
    await orders.query(ASKED);
    await orders.cancel(ASKED);
    await orders.place(
      { ...ASKED, action: 'BUY', quantity: 1, reduceOnly: false, execution: { type: 'MARKET' } },
      false,
    );
    expect(kinds(news)).toEqual(['ORDER_UNKNOWN', 'ORDER_UNKNOWN', 'ORDER_SENT', 'ORDER_UNKNOWN']);
  },
);

test('while the user stream is closed, cancel and order bring the fills', async () => {
  const { orders, news } = venue({ order: REPORT, userTrades: [TRADE] });
  await orders.cancel(ASKED);
  expect(kinds(news)).toEqual(['CANCELLED', 'FILL']);
});

test('an order is requested before anything works on its news', async () => {
  const { orders, news, sent } = venue({ order: REPORT, userTrades: [TRADE] });
  const order = { ...ASKED, action: 'BUY', quantity: 1, reduceOnly: false, execution: { type: 'MARKET' } } as const;
  const answered = orders.place(order, false);
  expect([sent, news]).toEqual([['/fapi/v1/order'], []]);
  await answered;
  expect(kinds(news)[0]).toBe('ORDER_SENT');
});
