import { expect, test } from 'vitest';
import type { OrderRequest } from '../execution/venue.ts';
import { book, print, T0 } from '../testing/simulated-orders.ts';
import { PaperVenue } from './paper-venue.ts';

const fees = { taker_fee: 0.0004, maker_fee: 0.0002, slippage_bp: 0 };

/** A bid for 1 at 100. */
const bid = (clientOrderId: string, price = 100) =>
  ({
    ...{ clientOrderId, placedTs: T0, referencePrice: 101, named: undefined },
    intent: { symbol: 'BTCUSDT', action: 'BUY', order_type: 'LIMIT', price, quantity: 1 },
  }) as unknown as OrderRequest;

test('two own orders at one price share what trades there: the second waits behind the first', () => {
  const venue = new PaperVenue(fees);
  venue.market.seeBook(book('100', '101'));
  for (const id of ['first', 'second']) venue.submit(bid(id));
  venue.submit(bid('elsewhere', 99));
  // Two of others are ahead of the first, and the first itself ahead of the second.
  expect(['first', 'second', 'elsewhere'].map((id) => venue.queueAhead(id))).toEqual([2, 3, undefined]);
  const filled = (qty: string, ts: number) =>
    [...venue.onTrade(print('100', ts, qty))].map(({ client_order_id }) => client_order_id);
  expect(filled('3', T0 + 1)).toEqual(['first']);
  expect(filled('0.9', T0 + 2)).toEqual([]);
  expect(filled('0.1', T0 + 3)).toEqual(['second']);
});
