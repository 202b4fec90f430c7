import { expect, vi } from 'vitest';
import type { ExchangeStart } from '../../src/exchange-start.ts';
import { type RunningExchange, startExchange } from '../../src/start-exchange.ts';
import type { ControlledMarket, Quotes } from './controlled-market.ts';

export const SYMBOL = 'BTCUSDT';
export const KEY = { apiKey: 'k'.repeat(64), apiSecret: 's'.repeat(64) };
export const START_BALANCE = '10000.00000000';

/** Rows and events of every shape, with the venue's field names. */
// biome-ignore lint/suspicious/noExplicitAny: each client types the same rows differently
export type Row = any;

/** A venue with the controlled market and one account. */
export function startSession(market: ControlledMarket, options: Partial<ExchangeStart> = {}): Promise<RunningExchange> {
  return startExchange({ market: { kind: 'source', source: market }, leadMs: 1_000, key: KEY, ...options });
}

/**
 * The whole session trades the same quantities with every client, so its sums are known beforehand. A MARKET buy takes 0.004 at
 * 60,001 and 0.006 at 60,002; a post-only buy of 0.020 at 60,000 fills in two parts; a reduce-only sell closes at 59,999.
 */
export const SESSION = {
  fills: [
    ['60001.00', '0.004', '0.12000200', '0.00000000', false],
    ['60002.00', '0.006', '0.18000600', '0.00000000', false],
    ['60000.00', '0.008', '0.09600000', '0.00000000', true],
    ['60000.00', '0.012', '0.14400000', '0.00000000', true],
    ['59999.00', '0.030', '0.89998500', '-0.04600000', false],
  ],
  /** 10000 − 0.046 − 1.439993 */
  wallet: '9998.51400700',
} as const;

/** The figures of userTrades rows, as in `SESSION.fills`. */
export function fillsOf(trades: readonly Row[]): readonly unknown[] {
  return trades.map((row) => [row.price, row.qty, row.commission, money(row.realizedPnl), row.maker]);
}

const UNIT = 100_000_000n;

/** Exact money of a decimal text, in units of 1e-8. */
export function units(text: string): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const amount = BigInt(whole) * UNIT + BigInt(fraction.padEnd(8, '0'));
  return text.startsWith('-') ? -amount : amount;
}

function money(text: string): string {
  const amount = units(text);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(9, '0');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -8)}.${digits.slice(-8)}`;
}

/** Balance = start + realised − fees to the last digit, once by the trades and once by the income. */
export function expectBalanced(trades: readonly Row[], income: readonly Row[], balance: string): void {
  const start = units(START_BALANCE);
  const byTrades = trades.reduce((sum, row) => sum + units(row.realizedPnl) - units(row.commission), start);
  const byIncome = income.reduce((sum, { income: amount }) => sum + units(amount), start);
  expect([byTrades, byIncome]).toEqual([units(balance), units(balance)]);
}

/** The user events that a client received, in their order, with the venue's field names. */
export class UserEvents {
  readonly all: Row[] = [];

  readonly add = (event: Row): void => {
    this.all.push(event);
  };

  of(type: string): readonly Row[] {
    return this.all.filter(({ e }) => e === type);
  }

  /** Order events `o` of one client order id. */
  ofOrder(clientOrderId: string): readonly Row[] {
    return this.of('ORDER_TRADE_UPDATE').flatMap(({ o }) => (o.c === clientOrderId ? [o] : []));
  }

  /** Waits until an order has this status in its newest event; returns the event. */
  order(clientOrderId: string, status: string): Promise<Row> {
    return vi.waitFor(
      () => {
        const newest = this.ofOrder(clientOrderId).at(-1);
        expect(newest?.X, `status of ${clientOrderId}`).toBe(status);
        return newest;
      },
      { timeout: 5_000, interval: 10 },
    );
  }

  /** Waits until a conditional order has this status in its newest event; returns the event. */
  algo(clientAlgoId: string, status: string): Promise<Row> {
    return vi.waitFor(
      () => {
        const newest = this.of('ALGO_UPDATE').findLast(({ o }) => o.caid === clientAlgoId)?.o;
        expect(newest?.X, `status of ${clientAlgoId}`).toBe(status);
        return newest;
      },
      { timeout: 5_000, interval: 10 },
    );
  }
}

/** What REST says after a session. */
export interface RestView {
  readonly orders: readonly Row[];
  readonly trades: readonly Row[];
  readonly algos: readonly Row[];
  readonly wallet: string;
}

/** Every event equals what REST says afterwards. Orders are joined by their client order ids: not every client keeps all digits of `orderId`. */
export function expectStreamEqualsRest(events: UserEvents, rest: RestView): void {
  const newest = new Map(events.of('ORDER_TRADE_UPDATE').map(({ o }) => [o.c, o]));
  expect([...newest.values()].map(({ c, X, z, q, ot }) => [c, X, units(z), units(q), ot]).sort()).toEqual(
    rest.orders
      .map((row) => [...[row.clientOrderId, row.status, units(row.executedQty), units(row.origQty), row.origType]])
      .sort(),
  );
  expectFillsEqual(events, rest.trades);
  const algos = new Map(events.of('ALGO_UPDATE').map(({ o }) => [o.caid, o.X]));
  expect([...algos].sort()).toEqual(rest.algos.map((row) => [row.clientAlgoId, row.algoStatus]).sort());
  const balance = events.of('ACCOUNT_UPDATE').at(-1)?.a.B[0];
  expect(units(balance?.wb)).toBe(units(rest.wallet));
}

/** Each trade came three times: as TRADE_LITE, in the wallet of an ACCOUNT_UPDATE, and as an order's TRADE. */
function expectFillsEqual(events: UserEvents, trades: readonly Row[]): void {
  const fills = events.of('ORDER_TRADE_UPDATE').flatMap(({ o }) => (o.x === 'TRADE' ? [o] : []));
  expect(fills.map((o) => [String(o.t), o.S, o.L, o.l, units(o.n), units(o.rp), o.m])).toEqual(
    trades.map((row) => [
      ...[String(row.id), row.side, row.price, row.qty, units(row.commission), units(row.realizedPnl), row.maker],
    ]),
  );
  expect(events.of('TRADE_LITE').map(({ t, S, L, l, m }) => [String(t), S, L, l, m])).toEqual(
    trades.map(({ id, side, price, qty, maker }) => [String(id), side, price, qty, maker]),
  );
  const updates = events.of('ACCOUNT_UPDATE').filter(({ a }) => a.m === 'ORDER');
  let [wallet, position] = [units(START_BALANCE), 0n];
  const expected = trades.map((row) => {
    wallet += units(row.realizedPnl) - units(row.commission);
    position += row.side === 'BUY' ? units(row.qty) : -units(row.qty);
    return [wallet, position];
  });
  expect(updates.map(({ a }) => [units(a.B[0].wb), units(a.P[0].pa)])).toEqual(expected);
}

/** A book below a stop at 59,500. */
export const FALLEN_QUOTES: Quotes = {
  bids: [['59400.00', '5.000']],
  asks: [['59410.00', '5.000']],
};

/** The paths that the venue answered with 200, sorted. */
export function pathsServed(venue: RunningExchange): readonly string[] {
  const { paths } = venue.requests();
  return Object.keys(paths)
    .filter((path) => (paths[path]?.statuses[200] ?? 0) > 0)
    .sort();
}
