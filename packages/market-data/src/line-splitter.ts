/** Lines completed by one chunk; `isTooLong`: the current line exceeds the limit, and nothing more is read. */
export interface SplitLines {
  /** Whole lines with their line ends; empty if the chunk completed none. */
  readonly lines: Buffer;
  readonly isTooLong: boolean;
}

const NEWLINE = 10;
const NONE = Buffer.alloc(0);

/**
 * Cuts chunks of bytes at line ends. It joins the parts of a line once, at the end of the line, so the work grows linearly with
 * the bytes, however long a line is. Chunks are shorter than the limit of a line.
 */
export class LineSplitter {
  readonly #maxLength: number;
  #parts: Buffer[] = [];
  #length = 0;
  #joined = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Bytes joined into lines so far; it measures the work. */
  get joinedBytes(): number {
    return this.#joined;
  }

  push(chunk: Buffer): SplitLines {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (this.#length + (end > 0 ? chunk.indexOf(NEWLINE) : chunk.length) > this.#maxLength) {
      return { lines: NONE, isTooLong: true };
    }
    const lines = end > 0 ? this.#complete(chunk.subarray(0, end)) : NONE;
    this.#parts.push(chunk.subarray(end));
    this.#length += chunk.length - end;
    return { lines, isTooLong: false };
  }

  /** The bytes after the last line end. */
  end(): Buffer {
    return this.#complete(NONE);
  }

  #complete(rest: Buffer): Buffer {
    if (this.#length === 0) return rest;
    const lines = Buffer.concat([...this.#parts, rest]);
    this.#joined += lines.length;
    this.#parts = [];
    this.#length = 0;
    return lines;
  }
}

/** Calls `onLine` with the range of each line, without its line end. */
export function eachLine(lines: Buffer, onLine: (from: number, end: number) => void): void {
  for (let from = 0; from < lines.length; ) {
    const newline = lines.indexOf(NEWLINE, from);
    const end = newline < 0 ? lines.length : newline;
    onLine(from, end);
    from = end + 1;
  }
}
