import type { LegRecord } from '@helios/shared/domain/leg-record.ts';
import type { PositionFill } from '@helios/shared/domain/position.ts';
import type { Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { toPositionFill } from '../portfolio/lot.ts';
import { addQuantity } from '../price/significant-digits.ts';
import { type LiveLot, lotQuantity, newLot } from './live-lot.ts';
import { isAssumed } from './lot-money.ts';

/** A fill with what is recorded beside it. */
export interface LegFill {
  readonly signal: TradingSignal;
  readonly fill: Fill;
  readonly leg: LegRecord;
}

const slotOf = (symbol: string, side: Side) => `${symbol}:${side}`;

/** The open live positions: one per symbol and side, as the venue nets them. */
export class LotBook {
  readonly #run: string;
  readonly #lots = new Map<string, LiveLot>();

  constructor(run: string, restored: readonly LiveLot[]) {
    this.#run = run;
    for (const lot of restored) this.put(lot);
  }

  find(symbol: string, side: Side): LiveLot | undefined {
    return this.#lots.get(slotOf(symbol, side));
  }

  all(): readonly LiveLot[] {
    return [...this.#lots.values()];
  }

  /** Stores the new state of a position; a closed one is removed. */
  put(lot: LiveLot): void {
    const slot = slotOf(lot.opened.symbol, lot.opened.side);
    if (lot.is_closed) this.#lots.delete(slot);
    else this.#lots.set(slot, lot);
  }

  /** The position that the entry joins, or a new one without fills. */
  opened(entry: TradingSignal, side: Side, tsEvent: number, leverage: number | undefined): LiveLot {
    return this.find(entry.symbol, side) ?? newLot(entry, this.#run, tsEvent, leverage);
  }

  /** Opens a position for a fill that came after the position of its entry was closed. */
  open(entry: TradingSignal, { trade_id, ts_event }: Fill): void {
    const lot = newLot(entry, this.#run, ts_event, undefined);
    this.put({ ...lot, position_id: `${entry.signal_id}+${trade_id}` });
  }

  /** Adds an entry fill; the same object if the fill is known. */
  entered(lot: LiveLot, { signal, fill, leg }: LegFill): LiveLot {
    if (lot.entries.some(({ trade_id }) => trade_id === fill.trade_id)) return lot;
    const entries = withEntry(lot, toPositionFill(fill));
    if (entries === undefined) return lot;
    const isFirst = lot.opened.signal_id === signal.signal_id;
    const next = { ...lot, entries, ...(isFirst && { entry_leg: leg }) };
    this.put(next);
    return next;
  }

  /** Adds an exit fill; the same object if the fill is known. */
  left(lot: LiveLot, { signal, fill, leg }: LegFill): LiveLot {
    if (lot.exits.some(({ trade_id }) => trade_id === fill.trade_id)) return lot;
    const next = { ...lot, exits: [...lot.exits, toPositionFill(fill)], exit: signal, exit_leg: leg };
    this.put(next);
    return next;
  }
}

/**
 * The entries with one more. An assumed fill stands for true ones that are unknown: of what is on record already nothing is assumed, and a
 * true fill that comes later takes its place. Undefined: nothing changes.
 */
function withEntry(lot: LiveLot, fill: PositionFill): readonly PositionFill[] | undefined {
  if (isAssumed(fill)) {
    const quantity = addQuantity(fill.quantity, -Math.max(lotQuantity(lot), 0));
    return quantity > 0 ? [...lot.entries, { ...fill, quantity }] : undefined;
  }
  const assumed = lot.entries.find(isAssumed);
  if (assumed === undefined) return [...lot.entries, fill];
  const left = addQuantity(assumed.quantity, -fill.quantity);
  const others = lot.entries.filter((one) => one !== assumed);
  return left > 0 ? [...others, { ...assumed, quantity: left }, fill] : [...others, fill];
}
