/** Kinds of faults in recorded data. */
export type DataFaultKind =
  /** A line that is no message of a recording, or whose times are damaged. */
  | 'BAD_LINE'
  /** A message that cannot be read, such as a snapshot without a symbol among several symbols. */
  | 'BAD_MESSAGE'
  | 'TRUNCATED_FILE'
  | 'CORRUPT_FILE'
  /** The file is missing, empty or no recording. */
  | 'NOT_A_RECORDING'
  /** The receive time goes back. */
  | 'CLOCK_BACK'
  /** The file has messages from before the end of the file before it, of the same symbol. */
  | 'OVERLAPPING_FILES'
  /** An older message after a newer one of its stream. */
  | 'UNSORTED'
  | 'DUPLICATE'
  /** A replay calls doubled and unsorted trades so; a check uses the two kinds above. */
  | 'REPEATED_TRADE'
  /** Depth updates are missing. */
  | 'DEPTH_GAP'
  /** Aggregated trades are missing. */
  | 'TRADE_GAP'
  | 'CROSSED_BOOK'
  | 'STALE_SNAPSHOT'
  /** No message of a symbol for more than a minute: a replay ends its session. */
  | 'SILENCE'
  /** There are depth updates, but never a valid book. */
  | 'NO_BOOK';

/** All faults of one kind in a file, or of a symbol in it. */
export interface DataFault {
  readonly kind: DataFaultKind;
  readonly symbol: string | undefined;
  readonly count: number;
  /** Line of the first one, 1-based; 0 if it has no line. */
  readonly line: number;
  /** About the first one. */
  readonly detail: string;
}

/** Counts faults by kind and symbol; it keeps the first of each. */
export class FaultCounts {
  readonly #faults = new Map<string, { -readonly [K in keyof DataFault]: DataFault[K] }>();

  add(kind: DataFaultKind, symbol: string | undefined, line: number, detail: () => string): void {
    const key = `${kind} ${symbol ?? ''}`;
    const known = this.#faults.get(key);
    if (known === undefined) this.#faults.set(key, { kind, symbol, count: 1, line, detail: detail() });
    else known.count += 1;
  }

  /** In the order of their first lines; those without a line come last. */
  all(): readonly DataFault[] {
    const place = ({ line }: DataFault): number => (line === 0 ? Number.POSITIVE_INFINITY : line);
    return [...this.#faults.values()].toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
  }
}
