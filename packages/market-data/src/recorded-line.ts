import { type ScannedMessage, scanMessage } from '@helios/binance/wire/scan-message.ts';
import { STRAY_MS } from './recorder-clock.ts';

/** One line of a recording. */
export interface RecordedLine {
  /** Local receive time, epoch ms. */
  readonly tsReceived: number;
  /** Time of the venue in the message (`E`), epoch ms; undefined if absent. */
  readonly tsVenue: number | undefined;
  /** The JSON exactly as received, not parsed. */
  readonly text: string;
  /** The message of the text, if the text could be scanned. */
  readonly message?: ScannedMessage;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** Maximum error of a recorder clock. */
const PLAUSIBLE_MS = 86_400_000;
/** Digits of an epoch time in milliseconds. */
const MS_DIGITS = 13;
/** Messages whose `T` is market time. In others it may be far off: in a mark price it is the next funding. */
const OBSERVED = /"e":\s?"(?:depthUpdate|bookTicker|trade|aggTrade)"/;

const SPACE = 32;
const QUOTE = 34;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const OPEN = 123;
const CLOSE = 125;

/**
 * Reads one line of `bytes`. A message in the venue's layout is scanned at once: then its text is made only on request. Returns the
 * problem as text for a line that is none of a recording.
 */
export function readLine(bytes: Buffer, [from, end]: readonly [number, number], file: string, line: number) {
  return scanLine(bytes, [from, end], file, line) ?? parseLine(bytes.toString('utf8', from, end), file, line);
}

/** A line whose message has been scanned. */
class ScannedLine implements RecordedLine {
  readonly tsReceived: number;
  readonly tsVenue: number | undefined;
  readonly message: ScannedMessage;
  readonly file: string;
  readonly line: number;
  readonly #bytes: Buffer;
  readonly #from: number;
  readonly #end: number;

  constructor(
    fields: Pick<RecordedLine, 'tsReceived' | 'tsVenue' | 'file' | 'line'> & { readonly message: ScannedMessage },
    bytes: Buffer,
    [from, end]: readonly [number, number],
  ) {
    this.tsReceived = fields.tsReceived;
    this.tsVenue = fields.tsVenue;
    this.message = fields.message;
    this.file = fields.file;
    this.line = fields.line;
    this.#bytes = bytes;
    this.#from = from;
    this.#end = end;
  }

  get text(): string {
    return this.#bytes.toString('latin1', this.#from, this.#end);
  }
}

/** Undefined for a line that is not `<time> <text in the venue's layout>`. */
function scanLine(
  bytes: Buffer,
  [from, end]: readonly [number, number],
  file: string,
  line: number,
): RecordedLine | string | undefined {
  let tsReceived = 0;
  let at = from;
  for (let byte = bytes[at] ?? SPACE; isDigit(byte); byte = bytes[at] ?? SPACE) {
    if (at - from < MS_DIGITS) tsReceived = tsReceived * 10 + (byte - ZERO);
    at += 1;
  }
  if (bytes[at] !== SPACE || !isTimeLength(at - from)) return undefined;
  const message = scanMessage(bytes, at + 1, end);
  if (message === undefined) return undefined;
  const { tsEvent, tsSent, kind } = message;
  const tsVenue = venueTime(tsSent);
  const problem = problemOfTimes(tsReceived, tsVenue, kind === 'MARK_PRICE' ? undefined : tsEvent);
  return problem ?? new ScannedLine({ tsReceived, tsVenue, message, file, line }, bytes, [at + 1, end]);
}

/** Parses `<ms, µs or ns> <JSON>`; the number of digits decides the unit. Returns the problem as text for anything else. */
function parseLine(text: string, file: string, line: number): RecordedLine | string {
  const space = text.indexOf(' ');
  const tsReceived = receiveTimeOf(text, space);
  if (tsReceived === undefined) return 'not `<time> <JSON>`';
  const json = text.slice(space + 1).trimEnd();
  if (json.charCodeAt(0) !== OPEN || json.charCodeAt(json.length - 1) !== CLOSE) return 'not `<time> <JSON>`';
  const tsVenue = venueTime(numberAt(json, 'E":'));
  const observed = OBSERVED.test(json) ? numberAt(json, 'T":') : undefined;
  return problemOfTimes(tsReceived, tsVenue, observed) ?? { tsReceived, tsVenue, text: json, file, line };
}

/** Undefined for a number that is no epoch time in ms. */
function venueTime(sent: number): number | undefined {
  return sent > 1e12 ? sent : undefined;
}

/** @param observed time of the event in the market; undefined if the message has none */
function problemOfTimes(received: number, sent: number | undefined, observed: number | undefined): string | undefined {
  if (sent === undefined) return undefined;
  if (Math.abs(sent - received) > PLAUSIBLE_MS) return 'sent and received days apart';
  const isStray = observed !== undefined && Math.abs(observed - sent) > STRAY_MS;
  return isStray ? 'its times `T` and `E` are far apart' : undefined;
}

function isTimeLength(digits: number): boolean {
  return digits === MS_DIGITS || digits === 16 || digits === 19;
}

/**
 * Epoch ms if `text` starts with milliseconds, microseconds or nanoseconds that end at `space`. Reads digit by digit: a pattern
 * takes twice as long.
 */
function receiveTimeOf(text: string, space: number): number | undefined {
  if (!isTimeLength(space)) return undefined;
  let ms = 0;
  for (let i = 0; i < space; i += 1) {
    const code = text.charCodeAt(i);
    if (!isDigit(code)) return undefined;
    if (i < MS_DIGITS) ms = ms * 10 + (code - ZERO);
  }
  return ms;
}

/**
 * The number after a key, NaN if absent. Parsing every line twice would cost more than the rest of reading.
 * @param key the key without its opening quote, as `E":`. A search that starts with a quote stops at each quote of the text and
 * takes twice as long.
 */
function numberAt(json: string, key: string): number {
  let found = json.indexOf(key);
  while (found >= 0 && json.charCodeAt(found - 1) !== QUOTE) found = json.indexOf(key, found + 1);
  if (found < 0) return Number.NaN;
  let at = found + key.length;
  while (json.charCodeAt(at) === SPACE) at += 1;
  const sign = json.charCodeAt(at) === MINUS ? -1 : 1;
  if (sign === -1) at += 1;
  if (!isDigit(json.charCodeAt(at))) return Number.NaN;
  let value = 0;
  for (let code = json.charCodeAt(at); isDigit(code); code = json.charCodeAt(at)) {
    value = value * 10 + (code - ZERO);
    at += 1;
  }
  return sign * value;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
