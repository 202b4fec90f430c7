import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { liveOrderId, ownerOf } from './live-order-id.ts';
import { compare, type OurView, repairOf } from './reconcile.ts';
import type { AccountSnapshot, VenueOrder, VenuePosition, VenueStop } from './venue-port.ts';

const ASKED = 10_000;
const BALANCE = {
  ...{ walletBalance: 1, unrealizedPnl: 0, marginBalance: 1, availableBalance: 1 },
  ...{ initialMargin: 0, maintenanceMargin: 0 },
};

function snapshot(fields: Partial<AccountSnapshot> = {}): AccountSnapshot {
  return { tsAsked: ASKED, positions: [], orders: [], stops: [], balance: BALANCE, ...fields };
}

function view(fields: Partial<OurView> = {}): OurView {
  return { tag: 'a', startedTs: 5_000, positions: [], working: [], isKnown: () => false, ...fields };
}

function position(signedQuantity: number): VenuePosition {
  return {
    ...{ symbol: 'BTCUSDT', signedQuantity, entryPrice: 100, markPrice: 101, liquidationPrice: undefined },
    ...{ unrealizedPnl: 0, marginMode: 'ISOLATED', leverage: 5, initialMargin: 20, maintenanceMargin: 1, tsUpdate: 1 },
  };
}

function order(clientOrderId: string, tsPlaced = 1): VenueOrder {
  const terms = { symbol: 'BTCUSDT', action: 'BUY', price: 100, quantity: 1, filledQuantity: 0 } as const;
  return { clientOrderId, ...terms, reduceOnly: false, tsPlaced };
}

function stop(clientAlgoId: string, action: 'BUY' | 'SELL'): VenueStop {
  const terms = { symbol: 'BTCUSDT', action, state: 'NEW', quantity: 1, triggerPrice: 95 } as const;
  return { clientAlgoId, ...terms, reduceOnly: true, tsEvent: 1 };
}

describe('the ids of live orders', () => {
  it('tell our orders from those of another instance and of others', () => {
    const id = liveOrderId('BTCUSDT-LONG-1', 'ENTRY', 46_655, 'zz9');
    expect(id).toMatch(/^[.A-Z:/a-z0-9_-]{1,36}$/);
    expect(ownerOf(id, 'zz9')).toBe('OURS');
    expect(ownerOf(id, 'a')).toBe('OTHER_INSTANCE');
    expect(ownerOf('web_12345', 'a')).toBe('FOREIGN');
    expect(ownerOf('autoclose-1', 'a')).toBe('FOREIGN');
  });
});

describe('a comparison with the venue', () => {
  const own = liveOrderId('s', 'ENTRY', 1, 'a');

  it('says of an order that the venue does not show only that it is missing', () => {
    const working = [{ clientOrderId: own, symbol: 'BTCUSDT', changedMs: 9_000 }];
    expect(compare(view({ working, isKnown: () => true }), snapshot())).toEqual([
      { kind: 'ORDER_MISSING', clientOrderId: own },
    ]);
  });

  it('says nothing of what changed after the question', () => {
    const working = [{ clientOrderId: own, symbol: 'BTCUSDT', changedMs: ASKED }];
    const positions = [{ symbol: 'ETHUSDT', signedQuantity: 1, changedMs: ASKED + 1 }];
    expect(compare(view({ working, positions, isKnown: () => true }), snapshot())).toEqual([]);
  });

  it('does not judge a position whose order is not settled', () => {
    const working = [{ clientOrderId: own, symbol: 'BTCUSDT', changedMs: 9_000 }];
    const shown = snapshot({ positions: [position(1)], orders: [order(own)] });
    expect(compare(view({ working, isKnown: () => true }), shown)).toEqual([]);
  });

  it('tells a left-over order from one that another process sends with our tag', () => {
    const found = compare(view(), snapshot({ orders: [order(own, 4_999)] }));
    expect(found).toMatchObject([{ kind: 'ORDER_LEFT_OVER', order: { clientOrderId: own } }]);
    expect(compare(view(), snapshot({ orders: [order(own, 5_000)] }))).toEqual([
      { kind: 'OTHER_INSTANCE', clientOrderId: own },
    ]);
  });

  it('is empty if both are equal, whatever the quantities', () => {
    fc.assert(
      fc.property(fc.double({ min: -1_000, max: 1_000, noNaN: true }), (signedQuantity) => {
        fc.pre(signedQuantity !== 0);
        const positions = [{ symbol: 'BTCUSDT', signedQuantity, changedMs: 0 }];
        expect(compare(view({ positions }), snapshot({ positions: [position(signedQuantity)] }))).toEqual([]);
      }),
    );
  });
});

describe('the repair of a difference', () => {
  const differs = (ours: number, venues: number) =>
    ({ kind: 'POSITION_DIFFERS', symbol: 'BTCUSDT', ours, venues }) as const;

  it('adopts a position only if a stop of ours rests for its side', () => {
    const ours = stop(liveOrderId('s', 'STOP', 1, 'a'), 'SELL');
    const shown = snapshot({ positions: [position(1)], stops: [ours] });
    expect(repairOf(differs(0, 1), shown, 'a')).toMatchObject({ kind: 'ADOPT', stopPrice: 95 });
    const wrongSide = snapshot({ positions: [position(1)], stops: [{ ...ours, action: 'BUY' }] });
    expect(repairOf(differs(0, 1), wrongSide, 'a')).toEqual({ kind: 'FOREIGN', quantity: 1 });
    const others = snapshot({ positions: [position(1)], stops: [stop('web_1', 'SELL')] });
    expect(repairOf(differs(0, 1), others, 'a')).toEqual({ kind: 'FOREIGN', quantity: 1 });
  });

  it('never makes ours larger, negative, or another side', () => {
    const quantity = fc.integer({ min: -1_000, max: 1_000 });
    fc.assert(
      fc.property(quantity, quantity, (ours, venues) => {
        fc.pre(ours !== venues && ours !== 0);
        const repair = repairOf(differs(ours, venues), snapshot(), 'a');
        if (repair.kind === 'REDUCE_OURS') {
          expect(repair.quantity).toBeGreaterThanOrEqual(0);
          expect(repair.quantity).toBeLessThan(Math.abs(ours));
        } else {
          expect(repair).toEqual({ kind: 'FOREIGN', quantity: venues - ours });
          expect(Math.sign(venues)).toBe(Math.sign(ours));
        }
      }),
    );
  });
});
