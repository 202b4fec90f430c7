import { addQuantity } from '../price/significant-digits.ts';
import { ownerOf } from './live-order-id.ts';
import type { AccountSnapshot, VenueOrder, VenuePosition, VenueStop } from './venue-port.ts';

/** What we believe about the account at the time of a snapshot. Quantities in base currency, negative: short. */
export interface OurView {
  readonly tag: string;
  readonly startedTs: number;
  readonly positions: readonly OurPosition[];
  /** Orders of ours that are not over. */
  readonly working: readonly { readonly clientOrderId: string; readonly symbol: string; readonly changedMs: number }[];
  /** True for every order that this process sent or restored, also if it is over. */
  readonly isKnown: (clientOrderId: string) => boolean;
}

export interface OurPosition {
  readonly symbol: string;
  readonly signedQuantity: number;
  /** When a fill last changed it, our clock. */
  readonly changedMs: number;
}

/** What a snapshot shows that we did not believe. */
export type Finding =
  /** A working order of ours is not among the open ones: only a query by id can tell why. */
  | { readonly kind: 'ORDER_MISSING'; readonly clientOrderId: string }
  /** An open order of an earlier process of this instance. */
  | { readonly kind: 'ORDER_LEFT_OVER'; readonly order: VenueOrder }
  /** An order of another Helios on the account. */
  | { readonly kind: 'OTHER_INSTANCE'; readonly clientOrderId: string }
  | { readonly kind: 'FOREIGN_ORDER'; readonly order: VenueOrder }
  | PositionDiffers;

/** The venue's position differs from ours. Base currency, negative: short. */
export interface PositionDiffers {
  readonly kind: 'POSITION_DIFFERS';
  readonly symbol: string;
  readonly ours: number;
  readonly venues: number;
}

/**
 * Compares our view with a snapshot. Pure: it changes nothing. Whatever changed after the snapshot was asked for is left out, so no
 * finding is older than what we know.
 */
export function compare(view: OurView, snapshot: AccountSnapshot): Finding[] {
  return [...missingOrders(view, snapshot), ...strangeOrders(view, snapshot), ...differences(view, snapshot)];
}

function missingOrders({ working }: OurView, { orders, tsAsked }: AccountSnapshot): Finding[] {
  const shown = new Set(orders.map(({ clientOrderId }) => clientOrderId));
  return working
    .filter(({ clientOrderId, changedMs }) => changedMs < tsAsked && !shown.has(clientOrderId))
    .map(({ clientOrderId }) => ({ kind: 'ORDER_MISSING', clientOrderId }));
}

function strangeOrders(view: OurView, { orders, stops }: AccountSnapshot): Finding[] {
  const findings: Finding[] = [];
  for (const order of orders) {
    const { clientOrderId, tsPlaced } = order;
    const owner = ownerOf(clientOrderId, view.tag);
    if (owner === 'FOREIGN') findings.push({ kind: 'FOREIGN_ORDER', order });
    if (owner === 'OTHER_INSTANCE') findings.push({ kind: 'OTHER_INSTANCE', clientOrderId });
    if (owner !== 'OURS' || view.isKnown(clientOrderId)) continue;
    // We did not send it since our start, so somebody else uses our tag.
    const isOld = tsPlaced < view.startedTs;
    findings.push(isOld ? { kind: 'ORDER_LEFT_OVER', order } : { kind: 'OTHER_INSTANCE', clientOrderId });
  }
  for (const { clientAlgoId } of stops) {
    if (ownerOf(clientAlgoId, view.tag) === 'OTHER_INSTANCE')
      findings.push({ kind: 'OTHER_INSTANCE', clientOrderId: clientAlgoId });
  }
  return findings;
}

function differences({ positions, working }: OurView, snapshot: AccountSnapshot): Finding[] {
  const venues = new Map(snapshot.positions.map((position) => [position.symbol, position]));
  const ours = new Map(positions.map((position) => [position.symbol, position]));
  const unsettled = new Set(working.map(({ symbol }) => symbol));
  const findings: Finding[] = [];
  for (const symbol of new Set([...venues.keys(), ...ours.keys()])) {
    const own = ours.get(symbol);
    const shown = venues.get(symbol)?.signedQuantity ?? 0;
    const known = own?.signedQuantity ?? 0;
    // A working order may have filled without our knowledge yet; it is asked for first.
    if (unsettled.has(symbol) || (own?.changedMs ?? 0) >= snapshot.tsAsked) continue;
    if (Math.abs(addQuantity(shown, -known)) > Math.abs(known) * 1e-9)
      findings.push({ kind: 'POSITION_DIFFERS', symbol, ours: known, venues: shown });
  }
  return findings;
}

/** What to do about a position that differs for good. */
export type Repair =
  /** Ours is smaller on the venue, or gone: reduce ours to `quantity`. */
  | { readonly kind: 'REDUCE_OURS'; readonly quantity: number }
  /** A position of an earlier process, known by its stop: take `quantity` of it over. */
  | { readonly kind: 'ADOPT'; readonly position: VenuePosition; readonly stopPrice: number; readonly quantity: number }
  /** Somebody else holds the rest: shown, never touched. */
  | { readonly kind: 'FOREIGN'; readonly quantity: number };

/** The repair of a difference that several snapshots confirmed. Quantities never go negative and never change side. */
export function repairOf({ symbol, ours, venues }: PositionDiffers, snapshot: AccountSnapshot, tag: string): Repair {
  if (ours === 0) return adoptionOf(symbol, snapshot, tag) ?? { kind: 'FOREIGN', quantity: venues };
  const isSameSide = Math.sign(ours) === Math.sign(venues);
  if (isSameSide && Math.abs(venues) > Math.abs(ours)) return { kind: 'FOREIGN', quantity: addQuantity(venues, -ours) };
  return { kind: 'REDUCE_OURS', quantity: isSameSide ? Math.abs(venues) : 0 };
}

/** Of a position as much is ours as a stop of ours for its side would close. */
function adoptionOf(symbol: string, snapshot: AccountSnapshot, tag: string): Repair | undefined {
  const position = snapshot.positions.find((each) => each.symbol === symbol);
  const stop = position && ownStopOf(symbol, position.signedQuantity, snapshot, tag);
  if (position === undefined || stop === undefined) return undefined;
  const held = Math.abs(position.signedQuantity);
  const quantity = stop.quantity === 0 ? held : Math.min(stop.quantity, held);
  return { kind: 'ADOPT', position, stopPrice: stop.triggerPrice, quantity };
}

/** A stop of ours that rests for a position of this sign. */
export function ownStopOf(
  symbol: string,
  signedQuantity: number,
  { stops }: AccountSnapshot,
  tag: string,
): VenueStop | undefined {
  const closes = signedQuantity > 0 ? 'SELL' : 'BUY';
  return stops.find(
    (each) => each.symbol === symbol && each.action === closes && ownerOf(each.clientAlgoId, tag) === 'OURS',
  );
}
