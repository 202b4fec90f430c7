import { expect, vi } from 'vitest';
import { type RunningExchange, startExchange } from '../../src/start-exchange.ts';
import type { ControlledMarket } from './controlled-market.ts';

export const SYMBOL = 'BTCUSDT';
export const KEY = { apiKey: 'k'.repeat(64), apiSecret: 's'.repeat(64) };

/** Rows and events of every shape, with the venue's field names. */
// biome-ignore lint/suspicious/noExplicitAny: each client types the same rows differently
export type Row = any;

/** A venue with the controlled market and one account of 10,000 USDT. */
export function startSession(market: ControlledMarket): Promise<RunningExchange> {
  return startExchange({ market: { kind: 'source', source: market }, leadMs: 1_000, key: KEY });
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

const UNIT = 100_000_000n;

/** Exact money of a decimal text, in units of 1e-8. */
export function units(text: string): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const amount = BigInt(whole) * UNIT + BigInt(fraction.padEnd(8, '0'));
  return text.startsWith('-') ? -amount : amount;
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
}
