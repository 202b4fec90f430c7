import type { Fill } from '@helios/shared/domain/venue-event.ts';
import type { AccountSnapshot, LiveOrder, VenueBalance, VenueOrder, VenuePosition } from '../live/venue-port.ts';
import { addQuantity } from '../price/significant-digits.ts';
import type { FakeStops } from './fake-stops.ts';

/** An order that the fake venue took. */
export interface HeldOrder {
  readonly order: LiveOrder;
  readonly fills: Fill[];
  readonly tsPlaced: number;
  end: 'OPEN' | 'FILLED' | 'CANCELLED' | 'EXPIRED';
}

const SYMBOL = 'BTCUSDT';

/** What a snapshot of the fake venue shows. */
interface ShownVenue {
  readonly orders: ReadonlyMap<string, HeldOrder>;
  readonly stops: FakeStops;
  readonly bid: number;
  readonly ask: number;
  readonly position: number;
  readonly entryPrice: number;
  readonly liquidationPrice: number | undefined;
  readonly balance: Partial<VenueBalance>;
}

/** The account of the fake venue, with a balance that no trade changes. */
export function fakeSnapshot(venue: ShownVenue, nowMs: number): AccountSnapshot {
  const open = [...venue.orders.values()].filter(({ end }) => end === 'OPEN');
  return {
    tsAsked: nowMs,
    positions: venue.position === 0 ? [] : [venuePosition(venue, nowMs)],
    orders: open.map(venueOrder),
    stops: venue.stops.resting(),
    balance: {
      walletBalance: 10_000,
      unrealizedPnl: 0,
      marginBalance: 10_000,
      availableBalance: 9_000,
      initialMargin: Math.abs(venue.position) * 20,
      maintenanceMargin: 0,
      ...venue.balance,
    },
  };
}

function venueOrder({ order, fills, tsPlaced }: HeldOrder): VenueOrder {
  return {
    clientOrderId: order.clientOrderId,
    symbol: SYMBOL,
    action: order.action,
    price: order.execution.type === 'LIMIT' ? order.execution.price : undefined,
    quantity: order.quantity,
    filledQuantity: fills.reduce((sum, { quantity }) => addQuantity(sum, quantity), 0),
    reduceOnly: order.reduceOnly,
    tsPlaced,
  };
}

function venuePosition({ position, entryPrice, liquidationPrice, bid, ask }: ShownVenue, nowMs: number): VenuePosition {
  return {
    symbol: SYMBOL,
    signedQuantity: position,
    entryPrice,
    markPrice: (bid + ask) / 2,
    liquidationPrice,
    unrealizedPnl: 0,
    marginMode: 'ISOLATED',
    leverage: 5,
    initialMargin: Math.abs(position) * 20,
    maintenanceMargin: 0,
    tsUpdate: nowMs,
  };
}
