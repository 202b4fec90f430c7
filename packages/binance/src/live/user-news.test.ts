import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VenueNews } from '@helios/core/live/venue-port.ts';
import { describe, expect, it, test } from 'vitest';
import { parseUserEvent } from '../user-stream/parse-user-event.ts';
import { FeeConverter } from './fee-converter.ts';
import { senderOf } from './fill-news.ts';
import { KnownStops } from './known-stops.ts';
import { ToldTrades } from './told-trades.ts';
import { newsOfUserEvent, type UserNewsContext } from './user-news.ts';

const DATA = process.env['HELIOS_DATA_DIR'] ?? join(import.meta.dirname, '../../../../../shared/data');
const DOCUMENTED = join(DATA, 'messages/documented');

function context(): UserNewsContext {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  return { fees: new FeeConverter(log), stops: new KnownStops(), told: new ToldTrades() };
}

/** An event as the venue writes it, with changed fields of the order. */
function orderEvent(order: Readonly<Record<string, unknown>>): string {
  const usual = {
    ...{ s: 'BTCUSDT', c: 'he-1', S: 'BUY', o: 'LIMIT', f: 'GTC', q: '0.010', p: '60000', ap: '0', sp: '0' },
    ...{ x: 'NEW', X: 'NEW', i: 5, l: '0', z: '0', L: '0', n: '0', N: 'USDT', T: 1, t: 0, m: false, R: false },
    ...{ wt: 'CONTRACT_PRICE', ot: 'LIMIT', ps: 'BOTH', cp: false, rp: '0', pP: false, si: 0, ss: 0 },
  };
  return JSON.stringify({
    e: 'ORDER_TRADE_UPDATE',
    T: 1_700_000_000_001,
    E: 1_700_000_000_002,
    o: { ...usual, ...order },
  });
}

const FILL = { x: 'TRADE', X: 'FILLED', l: '0.010', z: '0.010', L: '60000', n: '0.3', t: 77 };

function newsOf(text: string, known = context()): readonly VenueNews[] {
  const event = parseUserEvent(text);
  if (event.kind === 'FAULT') throw new Error(event.detail);
  return newsOfUserEvent(event, known);
}

it.each([
  ['NEW', 'ACCEPTED'],
  ['CANCELED', 'CANCELLED'],
  ['EXPIRED', 'EXPIRED'],
  ['EXPIRED_IN_MATCH', 'EXPIRED'],
  ['REJECTED', 'REJECTED'],
])('an order of ours in state %s is told as %s', (state, kind) => {
  const news = newsOf(orderEvent({ x: state, X: state, z: '0.004' }));
  expect(news).toMatchObject([
    { kind: 'ORDER', event: { kind, client_order_id: 'he-1', ts_event: 1_700_000_000_001 } },
  ]);
  if (kind === 'CANCELLED' || kind === 'EXPIRED') expect(news).toMatchObject([{ event: { filled_quantity: 0.004 } }]);
});

it('a fill of ours is told with every digit of its trade id, as often as it comes', () => {
  const known = context();
  const text = orderEvent({ ...FILL, t: 0 }).replace('"t":0', '"t":9007199254740995');
  for (let n = 0; n < 2; n += 1) {
    expect(newsOf(text, known)).toMatchObject([
      { kind: 'ORDER', event: { kind: 'FILL', trade_id: '9007199254740995', quantity: 0.01, fee: 0.3, slippage: 0 } },
    ]);
  }
});

it('a fill of somebody else is told once', () => {
  const known = context();
  const text = orderEvent({ ...FILL, c: 'web_1' });
  expect(newsOf(text, known).map(({ kind }) => kind)).toEqual(['FOREIGN_ORDER', 'FOREIGN_FILL']);
  expect(newsOf(text, known).map(({ kind }) => kind)).toEqual(['FOREIGN_ORDER']);
});

it('the order of a triggered stop is told by three signs: the link, our memory, the role in the id', () => {
  const isStop = [{ kind: 'STOP_FILL' }];
  expect(newsOf(orderEvent({ ...FILL, si: 2_148_719 }))).toMatchObject(isStop);
  expect(newsOf(orderEvent({ ...FILL, c: `he-${'a'.repeat(24)}-s1-7` }))).toMatchObject(isStop);
  const known = context();
  known.stops.expect('he-1');
  expect(newsOf(orderEvent(FILL), known)).toMatchObject(isStop);
  expect(newsOf(orderEvent({ X: 'NEW' }), known)).toEqual([]);
});

it('positions of hedge mode are left out, and only the margin asset is the wallet', () => {
  const update = {
    ...{ e: 'ACCOUNT_UPDATE', T: 5, E: 6 },
    a: {
      m: 'ORDER',
      B: [
        { a: 'USDT', wb: '100.5', cw: '100.5' },
        { a: 'BNB', wb: '0.1', cw: '0.1' },
      ],
      P: [
        { s: 'BTCUSDT', ps: 'BOTH', pa: '-0.002', ep: '90000.1' },
        { s: 'ETHUSDT', ps: 'BOTH', pa: '0', ep: '0' },
        { s: 'SOLUSDT', ps: 'LONG', pa: '3', ep: '5' },
      ],
    },
  };
  const known = context();
  expect(newsOf(JSON.stringify(update), known)).toEqual([
    { kind: 'POSITION', symbol: 'BTCUSDT', signedQuantity: -0.002, entryPrice: 90_000.1, tsEvent: 5 },
    { kind: 'POSITION', symbol: 'ETHUSDT', signedQuantity: 0, entryPrice: undefined, tsEvent: 5 },
    { kind: 'WALLET', walletBalance: 100.5, tsEvent: 5 },
  ]);
  expect(known.fees.assets).toEqual(['BNB']);
});

it('F12: two NEW events of one stop are the same news', () => {
  const order = { caid: 'he-1', aid: 4, at: 'CONDITIONAL', o: 'STOP_MARKET', s: 'BTCUSDT', S: 'SELL', ps: 'BOTH' };
  const rest = { q: '0.01', X: 'NEW', ai: '', tp: '59000', p: '0', cp: false, R: true, rm: '' };
  const text = (ia: boolean): string => JSON.stringify({ e: 'ALGO_UPDATE', T: 1, E: 2, o: { ...order, ...rest, ia } });
  const known = context();
  expect(newsOf(text(false), known)).toEqual(newsOf(text(true), known));
  expect(newsOf(text(true), known)).toMatchObject([{ kind: 'STOP', stop: { state: 'NEW', reduceOnly: true } }]);
});

it.each([
  ['he-1', 'US'],
  ['web_1', 'OTHERS'],
  ['x-he-1', 'OTHERS'],
  ['autoclose-1', 'VENUE'],
  ['autoclose-insurance-1', 'VENUE'],
  ['adl_autoclose_1', 'VENUE'],
  ['adl_autoclose', 'VENUE'],
  ['settlement_autoclose-1', 'VENUE'],
  ['delivery_autoclose-1', 'VENUE'],
  ['', 'OTHERS'],
])('an order with the id “%s” is of %s', (id, kind) => {
  expect(senderOf(id).kind).toBe(kind);
});

describe.skipIf(!existsSync(DOCUMENTED))('F26: documented events of forced orders', () => {
  test.each([
    ['order_update_adl', 'ADL', 'BUY', 0.005, 0.105],
    ['order_update_calculated', 'LIQUIDATION', 'SELL', 0.014, 0.069_370_84],
    ['order_update_insurance', 'LIQUIDATION', 'SELL', 0.02, 0.45],
    ['order_update_settlement', 'SETTLEMENT', 'SELL', 0.01, 0.25],
    ['order_update_delivery', 'DELIVERY', 'SELL', 1, 0],
  ])('%s is a fill of %s', (file, cause, action, quantity, fee) => {
    const news = newsOf(readFileSync(join(DOCUMENTED, `${file}.json`), 'utf8'));
    expect(news).toMatchObject([{ kind: 'FORCED_FILL', cause, action, fill: { quantity, fee } }]);
  });

  test('one that has not filled yet is no news', () => {
    expect(newsOf(readFileSync(join(DOCUMENTED, 'order_update_calculated_pending.json'), 'utf8'))).toEqual([]);
  });
});
