const HOUR_US = 3_600_000_000;

/** Lines of one hour that wait to be written. */
export interface HourOfLines {
  /** Receive time of the first line, epoch µs. */
  readonly fromUs: number;
  /** Number of the hour since 1970, UTC. */
  readonly hour: number;
  readonly lines: readonly string[];
}

/** Lines that wait to be written, by the hour of their receive time. */
export class WaitingLines {
  #hours: { fromUs: number; hour: number; lines: string[] }[] = [];
  #newestHour: number | undefined;
  /** Characters that wait. */
  size = 0;

  /** Returns true if the line is the first of another hour than the line before. */
  add(line: string, tsReceivedUs: number): boolean {
    const hour = Math.floor(tsReceivedUs / HOUR_US);
    const begins = hour !== this.#newestHour;
    this.#newestHour = hour;
    this.size += line.length;
    const open = this.#hours.at(-1);
    if (begins || open === undefined) this.#hours.push({ fromUs: tsReceivedUs, hour, lines: [line] });
    else open.lines.push(line);
    return begins;
  }

  /** Removes all lines and returns them, oldest first. */
  takeAll(): readonly HourOfLines[] {
    this.size = 0;
    return this.#hours.splice(0);
  }
}
