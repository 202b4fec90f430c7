/** A number carries all whole numbers of 15 digits exactly. */
const MAX_DIGITS = 15;
const MIN_SYMBOL_CHARS = 2;
const MAX_SYMBOL_CHARS = 30;
/** Far above the number of symbols of the venue. */
const MAX_KNOWN_SYMBOLS = 4_096;

const QUOTE = 34;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const UPPER_A = 65;
const UPPER_Z = 90;
const UNDERSCORE = 95;
const LOWER_A = 97;
const LOWER_Z = 122;

/** A fixed part of a layout, in bytes; not empty. */
export type Literal = Uint8Array;

export function literal(text: string): Literal {
  return Buffer.from(text);
}

/** Symbols by a hash of their bytes: making a text of bytes takes as long as reading 100 of them. */
const symbols = new Map<number, string>();

/**
 * Reads bytes in the venue's exact layout from left to right, without making texts. Once something does not fit, all readings are
 * worthless and `isComplete` stays false; the caller then parses the text as JSON.
 */
export class LayoutScan {
  readonly #bytes: Uint8Array;
  /** Index of the next byte. */
  #at: number;
  /** Index behind the last byte; -1 once something did not fit. */
  #end: number;
  #scale = 0;

  constructor(bytes: Uint8Array, from: number, end: number) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  /** True if everything fitted so far. */
  get fits(): boolean {
    return this.#at <= this.#end;
  }

  /** True if everything fitted and nothing is left. */
  get isComplete(): boolean {
    return this.#at === this.#end;
  }

  /** The next byte, not read yet. */
  get next(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** Number of decimals of the newest decimal. */
  get scale(): number {
    return this.#scale;
  }

  /** Reads `expected`. */
  expect(expected: Literal): void {
    if (!this.skip(expected)) this.fail();
  }

  /** Reads `expected` if it comes next. */
  skip(expected: Literal): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    for (let i = 0; i < expected.length; i += 1) if (bytes[at + i] !== expected[i]) return false;
    this.#at = at + expected.length;
    return true;
  }

  /** Reads a part of the name of a stream: lower-case letters, digits and `_`. */
  streamPart(): void {
    const from = this.#at;
    let at = from;
    while (isStreamChar(this.#bytes[at])) at += 1;
    this.#at = at;
    if (at === from) this.fail();
  }

  /** Reads a symbol in upper case, as the venue writes it. */
  symbol(): string {
    const bytes = this.#bytes;
    const from = this.#at;
    let at = from;
    let hash = 0;
    for (let byte = bytes[at]; isSymbolChar(byte); byte = bytes[at]) {
      hash = (Math.imul(hash, 31) + byte) | 0;
      at += 1;
    }
    this.#at = at;
    if (at - from < MIN_SYMBOL_CHARS || at - from > MAX_SYMBOL_CHARS) {
      this.fail();
      return '';
    }
    const known = symbols.get(hash);
    return known !== undefined && isTextOf(known, bytes, from, at) ? known : keepSymbol(hash, bytes.subarray(from, at));
  }

  /** Reads a whole number without a leading zero. */
  whole(): number {
    const bytes = this.#bytes;
    const from = this.#at;
    let at = from;
    let value = 0;
    for (let byte = bytes[at]; isDigit(byte); byte = bytes[at]) {
      value = value * 10 + (byte - ZERO);
      at += 1;
    }
    this.#at = at;
    const hasLeadingZero = bytes[from] === ZERO && at - from > 1;
    if (at === from || at - from > MAX_DIGITS || hasLeadingZero) this.fail();
    return value;
  }

  /**
   * Reads a decimal of zero or more and its closing quote, in units of 10^−`scale`. Only texts that can be written again from both
   * fit: up to 15 digits, no needless leading zero, at most one point between digits.
   */
  decimal(): number {
    const bytes = this.#bytes;
    const from = this.#at;
    let at = from;
    let point = -1;
    let units = 0;
    let byte = bytes[at];
    for (; ; byte = bytes[at]) {
      if (isDigit(byte)) units = units * 10 + (byte - ZERO);
      else if (byte === POINT && point < 0) point = at;
      else break;
      at += 1;
    }
    this.#at = at + 1;
    this.#scale = point < 0 ? 0 : at - point - 1;
    const wholeDigits = (point < 0 ? at : point) - from;
    const hasLeadingZero = bytes[from] === ZERO && wholeDigits > 1;
    const isWritten = byte === QUOTE && wholeDigits > 0 && point !== at - 1 && !hasLeadingZero;
    if (!isWritten || wholeDigits + this.#scale > MAX_DIGITS) this.fail();
    return units;
  }

  /** Reads a decimal above zero and its closing quote. */
  positiveDecimal(): number {
    const units = this.decimal();
    if (units === 0) this.fail();
    return units;
  }

  /** Reads the rest of a key of one or two letters, its closing quote and its colon. Its code, as in `IDS`. */
  key(): number {
    const bytes = this.#bytes;
    const at = this.#at;
    const first = bytes[at] ?? 0;
    const second = bytes[at + 1] ?? 0;
    const isLong = second !== QUOTE;
    const end = isLong ? at + 2 : at + 1;
    if (bytes[end] !== QUOTE || bytes[end + 1] !== COLON) this.fail();
    this.#at = end + 2;
    return isLong ? first * 128 + second : first;
  }

  fail(): void {
    this.#end = -1;
  }
}

function isTextOf(text: string, bytes: Uint8Array, from: number, end: number): boolean {
  if (text.length !== end - from) return false;
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}

function keepSymbol(hash: number, bytes: Uint8Array): string {
  const symbol = String.fromCharCode(...bytes);
  if (symbols.size >= MAX_KNOWN_SYMBOLS) symbols.clear();
  symbols.set(hash, symbol);
  return symbol;
}

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isStreamChar(byte: number | undefined): boolean {
  return isDigit(byte) || byte === UNDERSCORE || (byte !== undefined && byte >= LOWER_A && byte <= LOWER_Z);
}

function isSymbolChar(byte: number | undefined): byte is number {
  return isDigit(byte) || byte === UNDERSCORE || (byte !== undefined && byte >= UPPER_A && byte <= UPPER_Z);
}
