import type { OrderEvent } from '@helios/shared/domain/venue-event.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyOrderEvent,
  filledQuantity,
  isFinalOrder,
  orderStatus,
  pendingOrder,
  unknownOrder,
} from './order-state.ts';

const of = { client_order_id: 'o', ts_event: 1 };
const accepted: OrderEvent = { ...of, kind: 'ACCEPTED' };
const fill = (trade_id: string, quantity: number): OrderEvent => ({
  ...of,
  kind: 'FILL',
  trade_id,
  price: 100,
  quantity,
  fee: 0.04,
  liquidity: 'TAKER',
  slippage: 0,
});
const cancelled = (filled_quantity: number): OrderEvent => ({ ...of, kind: 'CANCELLED', filled_quantity });
const expired = (filled_quantity: number): OrderEvent => ({ ...of, kind: 'EXPIRED', filled_quantity });
const rejected: OrderEvent = { ...of, kind: 'REJECTED', code: '-2019', message: 'Margin is insufficient.' };

const after = (...events: OrderEvent[]) => events.reduce(applyOrderEvent, pendingOrder('o', 1));

describe('an order', () => {
  it.each([
    ['PENDING', []],
    ['OPEN', [accepted]],
    ['REJECTED', [rejected]],
    ['PARTIALLY_FILLED', [accepted, fill('a', 0.4)]],
    ['FILLED', [fill('a', 0.4), fill('b', 0.6)]],
    ['CANCELLED', [accepted, cancelled(0)]],
    ['CANCELLED', [fill('a', 0.4), cancelled(0.4)]],
    ['EXPIRED', [accepted, expired(0)]],
    // The report of the end arrives before that of an earlier fill.
    ['OPEN', [cancelled(0.4)]],
    ['PARTIALLY_FILLED', [cancelled(0.4), fill('a', 0.1)]],
  ] as const)('is %s after the reports of the venue', (status, events) => {
    expect(orderStatus(after(...events))).toBe(status);
    const isOver = ['FILLED', 'CANCELLED', 'EXPIRED', 'REJECTED'].includes(status);
    expect(isFinalOrder(after(...events))).toBe(isOver);
  });

  it.each([accepted, rejected, fill('a', 0.4), cancelled(0)])(
    'without an answer is UNKNOWN until $kind settles it',
    (event) => {
      const unknown = unknownOrder(pendingOrder('o', 1));
      expect(orderStatus(unknown)).toBe('UNKNOWN');
      expect(isFinalOrder(unknown)).toBe(false);
      expect(orderStatus(applyOrderEvent(unknown, event))).toBe(orderStatus(after(event)));
      // A late timeout changes nothing.
      expect(unknownOrder(after(event))).toEqual(after(event));
    },
  );

  it('has the same state after the same reports in any order, repeated or not', () => {
    const reports = [accepted, fill('a', 0.1), fill('b', 0.2), fill('c', 0.3), cancelled(0.6)];
    const whole = after(...reports);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...reports), { maxLength: 10 }),
        fc.shuffledSubarray(reports, { minLength: 5 }),
        (some, all) => {
          const state = after(...some, ...all);
          expect(filledQuantity(state)).toBe(0.6);
          expect(orderStatus(state)).toBe(orderStatus(whole));
          expect(state.isAccepted).toBe(true);
        },
      ),
    );
  });
});
