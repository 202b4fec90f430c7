/** More than any streamed message of the venue needs; a longer text does not fit. */
const MAX_BYTES = 64 * 1024;
/** Maximum length of a decimal. A longer slice would keep the whole text in memory while its level is in a book. */
const MAX_DECIMAL_CHARS = 12;
/** A number carries all whole numbers of 15 digits exactly. */
const MAX_WHOLE_DIGITS = 15;
const MIN_SYMBOL_CHARS = 2;
const MAX_SYMBOL_CHARS = 30;

const QUOTE = 34;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const UPPER_A = 65;
const UPPER_Z = 90;
const UNDERSCORE = 95;
const LOWER_A = 97;
const LOWER_Z = 122;

/** The text of the only scan in progress: reading its bytes takes a sixth of the time of reading characters of a slice. */
const BYTES = Buffer.alloc(MAX_BYTES);

/** A fixed part of a layout, in bytes; not empty. */
export type Literal = Uint8Array;

export function literal(text: string): Literal {
  return Buffer.from(text);
}

/**
 * Reads a text in the venue's exact layout from left to right, faster than a pattern. Once something does not fit, all readings are
 * worthless and `isComplete` stays false; the caller then parses the text as JSON. Only one scan may be in progress.
 */
export class LayoutScan {
  readonly #text: string;
  /** Index of the next character. Every character is one byte, or the text does not fit. */
  #at = 0;
  /** Length of the text; -1 once something did not fit. */
  #end: number;

  constructor(text: string) {
    this.#text = text;
    this.#end = BYTES.write(text);
    if (this.#end !== text.length) this.#fail();
  }

  /** True if everything fitted so far. */
  get fits(): boolean {
    return this.#at <= this.#end;
  }

  /** True if everything fitted and nothing is left. */
  get isComplete(): boolean {
    return this.#at === this.#end;
  }

  /** Reads `expected`. */
  expect(expected: Literal): void {
    if (!this.skip(expected)) this.#fail();
  }

  /** Reads `expected` if it comes next. */
  skip(expected: Literal): boolean {
    const at = this.#at;
    for (let i = 0; i < expected.length; i += 1) if (BYTES[at + i] !== expected[i]) return false;
    this.#at = at + expected.length;
    return true;
  }

  /** Reads a part of the name of a stream: lower-case letters, digits and `_`. */
  streamPart(): void {
    const from = this.#at;
    let at = from;
    while (isStreamChar(BYTES[at])) at += 1;
    this.#at = at;
    if (at === from) this.#fail();
  }

  /** Reads a symbol in upper case, as the venue writes it. */
  symbol(): string {
    const from = this.#at;
    let at = from;
    while (isSymbolChar(BYTES[at])) at += 1;
    this.#at = at;
    if (at - from < MIN_SYMBOL_CHARS || at - from > MAX_SYMBOL_CHARS) this.#fail();
    return this.#text.slice(from, at);
  }

  /** Reads a whole number without a leading zero. */
  whole(): number {
    const from = this.#at;
    let at = from;
    let value = 0;
    for (let byte = BYTES[at]; isDigit(byte); byte = BYTES[at]) {
      value = value * 10 + (byte - ZERO);
      at += 1;
    }
    this.#at = at;
    const hasLeadingZero = BYTES[from] === ZERO && at - from > 1;
    if (at === from || at - from > MAX_WHOLE_DIGITS || hasLeadingZero) this.#fail();
    return value;
  }

  /** Reads a decimal of zero or more and its closing quote: digits with at most one point between them. */
  unsignedDecimal(): string {
    return this.#decimal(false);
  }

  /** Reads a decimal above zero and its closing quote. */
  positiveDecimal(): string {
    return this.#decimal(true);
  }

  #decimal(mustBePositive: boolean): string {
    const from = this.#at;
    const end = decimalEnd(from, mustBePositive);
    if (end < 0) {
      this.#fail();
      return '';
    }
    this.#at = end + 1;
    return this.#text.slice(from, end);
  }

  #fail(): void {
    this.#end = -1;
  }
}

/** Index of a decimal's closing quote; -1 if the decimal is invalid, too long, or zero where it must be positive. */
function decimalEnd(from: number, mustBePositive: boolean): number {
  let point = -1;
  let isPositive = false;
  for (let at = from; at <= from + MAX_DECIMAL_CHARS; at += 1) {
    const byte = BYTES[at];
    if (byte === QUOTE) return at > from && point !== at - 1 && (isPositive || !mustBePositive) ? at : -1;
    if (byte === POINT && point < 0 && at > from) point = at;
    else if (!isDigit(byte)) return -1;
    else if (byte !== ZERO) isPositive = true;
  }
  return -1;
}

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isStreamChar(byte: number | undefined): boolean {
  return isDigit(byte) || byte === UNDERSCORE || (byte !== undefined && byte >= LOWER_A && byte <= LOWER_Z);
}

function isSymbolChar(byte: number | undefined): boolean {
  return isDigit(byte) || byte === UNDERSCORE || (byte !== undefined && byte >= UPPER_A && byte <= UPPER_Z);
}
