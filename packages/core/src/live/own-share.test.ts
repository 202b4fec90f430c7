import type { Fill } from '@helios/shared/domain/venue-event.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addQuantity } from '../price/significant-digits.ts';
import { liveOrderId } from './live-order-id.ts';
import { ownShareOf } from './own-share.ts';
import type { VenueTrade } from './venue-port.ts';

const ENTRY = liveOrderId('s', 'ENTRY', 1, 'a');
const EXIT = liveOrderId('x', 'EXIT', 1, 'a');
const STOP = liveOrderId('s', 'STOP', 1, 'a');
let trades = 0;

/** A trade of `quantity`, sold if it is negative. */
function trade(client_order_id: string, quantity: number): VenueTrade {
  trades += 1;
  const fill: Fill = {
    ...{ kind: 'FILL', client_order_id, ts_event: trades, trade_id: String(trades), price: 100 },
    ...{ quantity: Math.abs(quantity), fee: 0.1, liquidity: 'TAKER', slippage: 0 },
  };
  return { action: quantity > 0 ? 'BUY' : 'SELL', fill, isForced: client_order_id.startsWith('autoclose') };
}

const share = (...made: readonly (readonly [id: string, quantity: number])[]) =>
  ownShareOf(
    made.map(([id, quantity]) => trade(id, quantity)),
    'a',
  );

describe('the part of a position that is ours', () => {
  it.each([
    ['all of it', [[ENTRY, 1]], 1, 0],
    ['nothing of a trade by hand', [[`web_1`, -2]], 0, -2],
    ['nothing of another fleet', [[liveOrderId('s', 'ENTRY', 1, 'b'), 2]], 0, 2],
    [
      'beside what was opened by hand',
      [
        ['web_1', 2],
        [ENTRY, 1],
      ],
      1,
      2,
    ],
    [
      'less by our exit',
      [
        [ENTRY, 1],
        [EXIT, -0.4],
      ],
      0.6,
      0,
    ],
    [
      'nothing after our stop',
      [
        [ENTRY, 1],
        [STOP, -1],
        ['web_1', 1],
      ],
      0,
      1,
    ],
    [
      'untouched while others close their own',
      [
        [ENTRY, 1],
        ['web_1', 1],
        ['web_1', -1],
      ],
      1,
      0,
    ],
    [
      'less when others close more than they have',
      [
        [ENTRY, 1],
        ['web_1', -0.4],
      ],
      0.6,
      0,
    ],
    [
      'closed first by the venue',
      [
        ['web_1', 1],
        [ENTRY, 1],
        ['autoclose-1', -1],
      ],
      0,
      1,
    ],
    [
      'only what is left after netting',
      [
        ['web_1', -0.4],
        [ENTRY, 1],
      ],
      0.6,
      0,
    ],
  ] as const)('%s', (_what, made, ours, others) => {
    expect(share(...made)).toMatchObject({ ours, others });
  });

  it('is the sum of its entries less its exits, on the side of the position, with every unit counted once', () => {
    const id = fc.constantFrom(ENTRY, EXIT, STOP, 'web_1', 'autoclose-1');
    const quantity = fc.integer({ min: -9, max: 9 }).filter((n) => n !== 0);
    fc.assert(
      fc.property(fc.array(fc.tuple(id, quantity), { maxLength: 30 }), (made) => {
        const { ours, others, entries, exits } = share(...made);
        const sum = (fills: readonly Fill[]) => fills.reduce((total, fill) => addQuantity(total, fill.quantity), 0);
        expect(Math.abs(ours)).toBe(addQuantity(sum(entries), -sum(exits)));
        expect(addQuantity(ours, others)).toBe(made.reduce((total, [, n]) => total + n, 0));
        expect(ours * others).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
