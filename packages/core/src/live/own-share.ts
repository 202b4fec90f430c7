import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { addQuantity, roundMoney } from '../price/significant-digits.ts';
import { ownerOf, roleOf } from './live-order-id.ts';
import type { VenueTrade } from './venue-port.ts';

/** Which part of an account's position our own orders explain. Quantities in base currency, negative: short. */
export interface OwnShare {
  readonly ours: number;
  readonly others: number;
  /** Our entry fills since our part was last 0, oldest first. */
  readonly entries: readonly Fill[];
  /** Fills of anybody that closed a part of it since, oldest first, each with the quantity that it closed of ours. */
  readonly exits: readonly Fill[];
}

/**
 * Splits a position by the trades that made it, from a flat account on, oldest first. Our entries open our part; our exits and stops close it.
 * A forced close takes our part first. A trade of somebody else closes what others hold first, then ours.
 * The two parts never have opposite signs: what closes nothing of one closes the other.
 */
export function ownShareOf(trades: readonly VenueTrade[], tag: string): OwnShare {
  let [ours, others] = [0, 0];
  let entries: Fill[] = [];
  let exits: Fill[] = [];
  const close = (fill: Fill, traded: number): number => {
    const closed = oppositePart(ours, traded);
    if (closed === 0) return traded;
    ours = addQuantity(ours, Math.sign(traded) * closed);
    exits.push(partOf(fill, closed));
    if (ours === 0) [entries, exits] = [[], []];
    return addQuantity(traded, -Math.sign(traded) * closed);
  };
  const closeOthers = (traded: number): number => {
    const closed = oppositePart(others, traded) * Math.sign(traded);
    others = addQuantity(others, closed);
    return addQuantity(traded, -closed);
  };
  for (const trade of trades) {
    const { fill } = trade;
    const traded = trade.action === 'BUY' ? fill.quantity : -fill.quantity;
    const sender = senderOf(trade, tag);
    const rest = sender === 'OTHERS' ? close(fill, closeOthers(traded)) : closeOthers(close(fill, traded));
    if (rest === 0) continue;
    if (sender === 'ENTRY') {
      ours = addQuantity(ours, rest);
      entries.push(partOf(fill, Math.abs(rest)));
    } else others = addQuantity(others, rest);
  }
  return { ours, others, entries, exits };
}

/** The part of a fill with its share of the fee. */
export function partOf(fill: Fill, quantity: number): Fill {
  if (fill.quantity <= quantity) return fill;
  return { ...fill, quantity, fee: roundMoney((fill.fee * quantity) / fill.quantity) };
}

/** Quantity of `held` that a trade of `traded` closes; 0 if it is on the same side. */
function oppositePart(held: number, traded: number): number {
  return held * traded < 0 ? Math.min(Math.abs(held), Math.abs(traded)) : 0;
}

/** What a trade does to our part. */
function senderOf({ fill, isForced }: VenueTrade, tag: string): 'ENTRY' | 'CLOSE' | 'OTHERS' {
  if (isForced) return 'CLOSE';
  if (ownerOf(fill.client_order_id, tag) !== 'OURS') return 'OTHERS';
  return roleOf(fill.client_order_id) === 'e' ? 'ENTRY' : 'CLOSE';
}
