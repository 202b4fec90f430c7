import type { TradingEvent } from '../trading/trading-event.ts';
import type { StateContent, StateEntry } from './state-content.ts';

/** Rows of one operation, as they go into the file. */
export class StateRows {
  readonly #tables: Record<string, [string, unknown][]> = {};
  readonly #lists: Record<string, unknown[]> = {};
  #isEmpty = true;

  /** Sets a row of a table; null removes it. */
  set(table: string, key: string, row: unknown): void {
    this.#isEmpty = false;
    const rows = this.#tables[table];
    if (rows === undefined) this.#tables[table] = [[key, row]];
    else rows.push([key, row]);
  }

  push(list: string, row: unknown): void {
    this.#isEmpty = false;
    const rows = this.#lists[list];
    if (rows === undefined) this.#lists[list] = [row];
    else rows.push(row);
  }

  /** The entry of these rows; undefined without rows. */
  entry(at: number): StateEntry | undefined {
    return this.#isEmpty ? undefined : { at, tables: this.#tables, lists: this.#lists };
  }
}

/** A part of the venue whose state survives a restart. */
export interface StatePart {
  /** Takes over what a file holds. */
  restore(content: StateContent): void;
  /** Every row, in pieces. */
  all(): Iterable<StateRows>;
  /** Adds the rows that changed since the last call; `events` tells of what happened. */
  changed(events: readonly TradingEvent[], rows: StateRows): void;
}
