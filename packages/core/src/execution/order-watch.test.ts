import type { FrameEvents, MarketEvent } from '@helios/shared/domain/market-data.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { book, params, print, quoted, RUN, signal, T0 } from '../testing/simulated-orders.ts';
import { createSimulator, type Simulator } from '../trading/paper-trading.ts';
import { framesUntilChange } from './order-watch.ts';

/** One order at 100 with 2 ahead of it; it expires 30 s after T0. */
function resting(): Simulator {
  const simulator = createSimulator(params('HF_LIMIT', 1), RUN);
  simulator.onMarket(book('100', '101'), T0);
  simulator.onSignal(signal('LONG', 100, quoted(100, 101)), T0);
  return simulator;
}

function count(simulator: Simulator, events: readonly MarketEvent[], nowMs = T0): number {
  const watch = simulator.orderWatch(nowMs) ?? expect.fail('no watch');
  return framesUntilChange(
    events.map((event) => [event]),
    watch,
  );
}

const otherSymbol = (event: MarketEvent): MarketEvent => ({ ...event, symbol: 'ETHUSDT' });

describe('framesUntilChange', () => {
  it('ends with the trade that fills the order: through the limit, or the last of its queue', () => {
    const [above, at, through] = [print('101', T0 + 1), print('100', T0 + 1, '1'), print('99', T0 + 1)];
    expect(count(resting(), [above, otherSymbol(through), above])).toBe(3);
    expect(count(resting(), [above, through, above])).toBe(2);
    expect(count(resting(), [at, at, at, at])).toBe(3);
  });

  it('continues from the present queue', () => {
    const simulator = resting();
    const at = print('100', T0 + 1, '1');
    simulator.onMarket(at, T0 + 1);
    expect(count(simulator, [at, at, at, at], T0 + 1)).toBe(2);
  });

  it('ends with an expiry, a break or a funding', () => {
    const early = book('100', '101', T0 + 29_999);
    expect(count(resting(), [early, book('100', '101', T0 + 30_000), early])).toBe(2);
    const gap: MarketEvent = {
      type: 'break',
      symbol: 'ETHUSDT',
      ts_event: T0,
      ts_init: T0,
      kind: 'SESSION_END',
      reason: 'end',
    };
    expect(count(resting(), [early, gap, early])).toBe(2);
    const mark: MarketEvent = {
      ...{ type: 'mark', symbol: 'BTCUSDT', ts_event: T0, ts_init: T0, mark_price: '100' },
      next_funding_ts: T0 + 5_000,
    };
    expect(count(resting(), [mark, book('100', '101', T0 + 4_999), book('100', '101', T0 + 5_000), early])).toBe(3);
  });

  it('returns nothing without orders, after an expiry, and under the live profile', () => {
    expect(createSimulator(params('HF_LIMIT'), RUN).orderWatch(T0)).toBeUndefined();
    expect(resting().orderWatch(T0 + 29_999)).toBeDefined();
    expect(resting().orderWatch(T0 + 30_000)).toBeUndefined();
  });

  it('changes no order before its last frame, in any market', () => {
    const event = fc.record({
      isTrade: fc.boolean(),
      price: fc.integer({ min: 98, max: 102 }),
      waitMs: fc.integer({ min: 0, max: 4_000 }),
      qty: fc.double({ min: 0.001, max: 1, noNaN: true }),
      buyerIsMaker: fc.boolean(),
    });
    const side = fc.constantFrom('LONG' as const, 'SHORT' as const);
    fc.assert(
      fc.property(
        fc.array(side, { minLength: 1, maxLength: 2 }),
        fc.array(event, { maxLength: 40 }),
        (sides, market) => {
          const simulator = resting();
          for (const direction of sides) simulator.onSignal(signal(direction, 100, quoted(100, 101)), T0);
          let ts = T0;
          const frames = market.map(({ isTrade, price, waitMs, qty, buyerIsMaker }): FrameEvents => {
            ts += waitMs;
            return [
              isTrade ? print(`${price}`, ts, `${qty}`, buyerIsMaker) : book(`${price}`, `${price + 1}`, ts, `${qty}`),
            ];
          });
          for (let from = 0, now = T0; from < frames.length && simulator.restingOrders() > 0; ) {
            const watch = simulator.orderWatch(now);
            const next = frames.slice(from);
            const together = next.slice(0, watch === undefined ? 1 : framesUntilChange(next, watch));
            const effects = together.map((frame) =>
              frame.flatMap((each) => {
                now = Math.max(now, each.ts_event);
                return simulator.onMarket(each, now);
              }),
            );
            expect(effects.slice(0, -1).flat()).toEqual([]);
            from += together.length;
          }
        },
      ),
    );
  });
});
