/** What one chunk completed; `isTooLong`: the line under way is longer than allowed, and nothing more is read. */
export interface SplitLines {
  readonly lines: readonly string[];
  readonly isTooLong: boolean;
}

/**
 * Splits chunks of text into lines. Parts of a line are joined once, when its end has come: the work grows with the text, not with its
 * square, however long a line is.
 */
export class LineSplitter {
  readonly #maxLength: number;
  #parts: string[] = [];
  #length = 0;
  #joined = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Characters joined into lines so far: the work done. */
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

  /** What came after the last line end; undefined where that is nothing. */
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
