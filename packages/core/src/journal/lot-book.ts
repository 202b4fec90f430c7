import type { LegRecord } from '@helios/shared/domain/leg-record.ts';
import type { Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { toPositionFill } from '../portfolio/lot.ts';
import { type LiveLot, newLot } from './live-lot.ts';

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
    const isFirst = lot.opened.signal_id === signal.signal_id;
    const next = { ...lot, entries: [...lot.entries, toPositionFill(fill)], ...(isFirst && { entry_leg: leg }) };
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
