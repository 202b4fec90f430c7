/** Lines completed by one chunk; `isTooLong`: the current line exceeds the limit, and nothing more is read. */
export interface SplitLines {
  readonly lines: readonly string[];
  readonly isTooLong: boolean;
}

/**
 * Splits chunks of text into lines. It joins the parts of a line once, at the end of the line, so the work grows linearly with
 * the text, however long a line is.
 */
export class LineSplitter {
  readonly #maxLength: number;
  #parts: string[] = [];
  #length = 0;
  #joined = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Characters joined into lines so far; it measures the work. */
  get joinedChars(): number {
    return this.#joined;
  }

  push(text: string): SplitLines {
    const pieces = text.split('\n');
    const last = pieces.pop() ?? '';
    const lines: string[] = [];
    for (const piece of pieces) {
      if (this.#length + piece.length > this.#maxLength) return { lines, isTooLong: true };
      lines.push(this.#complete(piece));
    }
    this.#parts.push(last);
    this.#length += last.length;
    return { lines, isTooLong: this.#length > this.#maxLength };
  }

  /** The text after the last line end; undefined if empty. */
  end(): string | undefined {
    return this.#length === 0 ? undefined : this.#complete('');
  }

  #complete(piece: string): string {
    if (this.#parts.length === 0) return piece;
    this.#parts.push(piece);
    const line = this.#parts.join('');
    this.#joined += line.length;
    this.#parts = [];
    this.#length = 0;
    return line;
  }
}
