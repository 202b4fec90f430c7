const HOUR_US = 3_600_000_000;

/** Lines of one file that wait to be written. */
export interface FileOfLines {
  /** Receive time of the first line, epoch µs. */
  readonly fromUs: number;
  /** Lines with another key belong to another file. */
  readonly key: string;
  readonly lines: readonly string[];
}

/** Lines that wait to be written, by the hour of their receive time. A clock that is set begins another file, too. */
export class WaitingLines {
  readonly #files: { fromUs: number; key: string; lines: string[] }[] = [];
  #newestKey: string | undefined;
  /** Characters that wait. */
  size = 0;

  /** Returns true if the line is the first of another file than the line before. @param steps how often the clock was set */
  add(line: string, tsReceivedUs: number, steps: number): boolean {
    const key = `${Math.floor(tsReceivedUs / HOUR_US)} ${steps}`;
    const begins = key !== this.#newestKey;
    this.#newestKey = key;
    this.size += line.length;
    const open = this.#files.at(-1);
    if (begins || open === undefined) this.#files.push({ fromUs: tsReceivedUs, key, lines: [line] });
    else open.lines.push(line);
    return begins;
  }

  /** Removes all lines and returns them, oldest first. */
  takeAll(): readonly FileOfLines[] {
    this.size = 0;
    return this.#files.splice(0);
  }
}
