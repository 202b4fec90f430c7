import type { OpenPosition, PositionFill } from '@helios/shared/domain/position.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { addQuantity } from '../price/significant-digits.ts';
import { type OwnShare, partOf } from './own-share.ts';

/** Fills that our positions lack of our part, oldest first. */
export interface MissingFills {
  /** Also what was booked as closed by a trade that closed what others hold: it is booked back at the price of that trade. */
  readonly entries: readonly Fill[];
  readonly exits: readonly Fill[];
}

/** What must be booked, so that the positions held on a symbol become our part; undefined if no fills lead there. */
export function missingFills(share: OwnShare, held: readonly OpenPosition[]): MissingFills | undefined {
  const [booked, shown] = [bookedFills(held), { entries: byTrade(share.entries), exits: byTrade(share.exits) }];
  const entries = share.entries.flatMap((fill) => restOf(fill, booked.entries.get(fill.trade_id)));
  const exits = share.exits.flatMap((fill) => restOf(fill, booked.exits.get(fill.trade_id)));
  const wrong = held.flatMap(({ exit_fills = [] }) => exit_fills);
  const back = wrong.flatMap((fill) => {
    const { trade_id } = fill;
    const known = addQuantity(shown.exits.get(trade_id) ?? 0, booked.entries.get(trade_id) ?? 0);
    return restOf(backFill(fill), known);
  });
  const all = [...entries, ...back].toSorted((a, b) => a.ts_event - b.ts_event);
  const lacking = addQuantity(Math.abs(share.ours), -held.reduce((sum, one) => addQuantity(sum, one.quantity), 0));
  const change = addQuantity(quantityOf(all), -quantityOf(exits));
  return Math.abs(addQuantity(change, -lacking)) <= Math.abs(lacking) * 1e-9 ? { entries: all, exits } : undefined;
}

function bookedFills(held: readonly OpenPosition[]) {
  return {
    entries: byTrade(held.flatMap(({ entry_fills = [] }) => entry_fills)),
    exits: byTrade(held.flatMap(({ exit_fills = [] }) => exit_fills)),
  };
}

type Counted = Pick<Fill, 'trade_id' | 'quantity'>;

function byTrade(fills: readonly Counted[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { trade_id, quantity } of fills) sums.set(trade_id, addQuantity(sums.get(trade_id) ?? 0, quantity));
  return sums;
}

/** The part of a fill that is not booked. */
function restOf(fill: Fill, booked = 0): readonly Fill[] {
  const rest = addQuantity(fill.quantity, -booked);
  return rest > 0 ? [partOf(fill, rest)] : [];
}

/** Takes an exit back: the two leave no gain, no loss and no fee of somebody else. */
function backFill({ trade_id, price, quantity, fee, ts }: PositionFill): Fill {
  return {
    ...{ kind: 'FILL', client_order_id: trade_id, ts_event: ts, trade_id, price, quantity, fee: 0 - fee },
    ...{ liquidity: 'TAKER', slippage: 0 },
  };
}

const quantityOf = (fills: readonly Counted[]): number =>
  fills.reduce((sum, { quantity }) => addQuantity(sum, quantity), 0);
