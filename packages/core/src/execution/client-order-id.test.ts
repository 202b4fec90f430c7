import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryId, exitId } from '../strategy/signal-ids.ts';
import { clientOrderIdOf } from './client-order-id.ts';

/** Texts that the venue accepts as `newClientOrderId`. */
const VENUE_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;
const ROLES = ['ENTRY', 'EXIT', 'STOP', 'TARGET'] as const;
/** Number of leading characters that all orders of a signal share. */
const SIGNAL_PART = 27;
const LONG_SYMBOL = '1000000MOGUSDT_260626';

const anyOrder = fc.tuple(
  fc.string({ minLength: 1, maxLength: 120, unit: 'binary' }),
  fc.constantFrom(...ROLES),
  fc.integer({ min: 1, max: 46_655 }),
);

describe('the client id of an order', () => {
  it('is valid at the venue for every signal id', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        expect(clientOrderIdOf(...order)).toMatch(VENUE_ID);
      }),
    );
    expect(clientOrderIdOf(entryId(LONG_SYMBOL, 'SHORT', 1_732_870_000_000, 9e15), 'EXIT', 46_655)).toHaveLength(32);
  });

  it('is the same in another process, and the same as in earlier versions', () => {
    expect(clientOrderIdOf('BTCUSDT-LONG-1732870000000-123456789', 'ENTRY', 1)).toBe('he-59rubckxv1ngkr4fhw1p1wkk-e1');
  });

  it('differs if signal, role or attempt differ', () => {
    fc.assert(
      fc.property(anyOrder, anyOrder, (one, other) => {
        const isSame = one.every((part, i) => part === other[i]);
        expect(clientOrderIdOf(...one) === clientOrderIdOf(...other)).toBe(isSame);
      }),
    );
  });

  it('identifies its signal among many orders', () => {
    const signals = Array.from({ length: 200 }, (_, i) => entryId('BTCUSDT', 'LONG', 1_732_870_000_000 + i, 7));
    const orders = signals.flatMap((id) => ROLES.map((role, i) => clientOrderIdOf(id, role, i + 1)));
    for (const id of signals) {
      const part = clientOrderIdOf(id, 'ENTRY', 1).slice(0, SIGNAL_PART);
      expect(orders.filter((order) => order.startsWith(part))).toEqual(
        ROLES.map((role, i) => clientOrderIdOf(id, role, i + 1)),
      );
    }
  });

  it('rejects an attempt out of range', () => {
    for (const attempt of [0, -1, 1.5, 46_656, Number.NaN])
      expect(() => clientOrderIdOf('a', 'ENTRY', attempt)).toThrow(RangeError);
  });

  it('is unique among 200,000 orders, also for long symbols', { timeout: 30_000 }, () => {
    const ids = new Set<string>();
    let made = 0;
    const add = (signalId: string, role: (typeof ROLES)[number], attempt: number) => {
      ids.add(clientOrderIdOf(signalId, role, attempt));
      made += 1;
    };
    for (let i = 0; i < 10_000; i += 1) {
      for (const symbol of ['BTCUSDT', LONG_SYMBOL]) {
        // Close in time and on consecutive books: our ids are never more similar.
        const entry = entryId(symbol, i % 2 === 0 ? 'LONG' : 'SHORT', 1_732_870_000_000 + (i >> 3), i >> 1);
        const exit = exitId(entry, 'TRAILING_STOP', 1 + (i % 2));
        for (const role of ROLES) for (const attempt of [1, 2]) add(entry, role, attempt);
        for (const attempt of [1, 2]) add(exit, 'EXIT', attempt);
      }
    }
    expect(made).toBe(200_000);
    expect(ids.size).toBe(made);
  });
});
