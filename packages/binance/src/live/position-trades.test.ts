import { expect, test } from 'vitest';
import { orderOfTrade } from '../orders/order-endpoints.ts';
import { tradesBetween, type UserTrade } from '../orders/user-trades.ts';
import type { Endpoint } from '../rest/endpoint.ts';
import { positionRisk } from '../rest/endpoints/position-risk.ts';
import { FeeConverter } from './fee-converter.ts';
import { readPositionTrades } from './position-trades.ts';
import { ToldTrades } from './told-trades.ts';

const NOW = 1_700_000_000_000;
const WEEK_MS = 7 * 86_400_000;
const LOG = { debug() {}, info() {}, warn() {}, error() {} };
const NOT_FOUND = {
  kind: 'FAILURE',
  code: 'REJECTED',
  serverCode: -2013,
  detail: 'no such order',
  advice: '',
} as const;

/** A trade of an order with the same number; sold if the quantity is negative. */
const trade = (id: number, quantity: number, ageMs: number): UserTrade => ({
  ...{ symbol: 'BTCUSDT', tradeId: String(id), venueOrderId: String(id), side: quantity > 0 ? 'BUY' : 'SELL' },
  ...{ price: '100', quantity: String(Math.abs(quantity)), commission: '0', commissionAsset: 'USDT' },
  ...{ isMaker: false, tsEvent: NOW - ageMs },
});

interface Account {
  readonly amount: number;
  /** When the position changed last, before now. */
  readonly changedMs?: number;
  /** Trades as the venue lists them, by week, newest week first. */
  readonly weeks: readonly (readonly UserTrade[])[];
  /** Orders that the venue does not name. */
  readonly unnamed?: readonly string[];
}

function read({ amount, changedMs = WEEK_MS, weeks, unnamed = [] }: Account) {
  let asked = 0;
  const answers = new Map<unknown, (params: never) => unknown>([
    [positionRisk, () => [{ amount: String(amount), tsUpdate: NOW - changedMs }]],
    [tradesBetween, () => weeks[asked++] ?? []],
    [orderOfTrade, ({ venueOrderId }: { venueOrderId: string }) => ({ clientOrderId: `he-${venueOrderId}` })],
  ]);
  const send = async (endpoint: Endpoint<never, never>, params: never) => {
    const { venueOrderId } = params as { venueOrderId?: string };
    if (venueOrderId !== undefined && unnamed.includes(venueOrderId)) return NOT_FOUND;
    return { kind: 'OK', value: answers.get(endpoint)?.(params) };
  };
  const reader = { requests: { send: send as never }, fees: new FeeConverter(LOG), told: new ToldTrades() };
  return readPositionTrades({ ...reader, now: () => NOW }, { kind: 'READ_TRADES', symbol: 'BTCUSDT' });
}

test('an order that the venue does not find right after its trade is asked for again', async () => {
  const news = await read({ amount: 1, weeks: [[trade(1, 1, 500)]], unnamed: ['1'] });
  expect(news).toMatchObject({ kind: 'TRADES_FAILED' });
});

test('an order that the venue has forgotten may be anybody’s', async () => {
  const news = await read({ amount: 1, weeks: [[trade(1, 1, WEEK_MS / 2)]], unnamed: ['1'] });
  expect(news).toMatchObject({ kind: 'TRADES', isComplete: false, trades: [{ fill: { client_order_id: '' } }] });
});

test('a close by the venue is told at once, although the venue names no order of it', async () => {
  const trades = [trade(1, 2, WEEK_MS / 2), trade(2, -1, 500)];
  const news = await read({ amount: 1, changedMs: 500, weeks: [trades], unnamed: ['2'] });
  expect(news).toMatchObject({ kind: 'TRADES', isComplete: false, trades: [{}, { action: 'SELL' }] });
});

test('a trade that the venue does not list yet is waited for', async () => {
  const account = { amount: 2, weeks: [[trade(1, 1, WEEK_MS / 2)]] };
  expect(await read({ ...account, changedMs: 300 })).toMatchObject({ kind: 'TRADES_FAILED' });
  expect(await read(account)).toMatchObject({ kind: 'TRADES', isComplete: false });
});

test('trades that may miss some between two lists are no proof', async () => {
  // The older list has the first thousand of its week only, and none of them belongs to the position.
  const older = Array.from({ length: 1_000 }, (_, i) => trade(i + 1, i === 999 ? 1 : (-1) ** i, WEEK_MS * 1.9));
  const news = await read({ amount: 1, weeks: [[], older] });
  expect(news).toMatchObject({ kind: 'TRADES', isComplete: false });
});
