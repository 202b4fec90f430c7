import { STRAY_MS } from './recorder-clock.ts';

/** One line of a recording. */
export interface RecordedLine {
  /** Local receive time, epoch ms. */
  readonly tsReceived: number;
  /** Time of the venue in the message (`E`), epoch ms; undefined if absent. */
  readonly tsVenue: number | undefined;
  /** The JSON exactly as received, not parsed. */
  readonly text: string;
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

/** Parses `<ms, µs or ns> <JSON>`; the number of digits decides the unit. Returns the problem as text for anything else. */
export function parseLine(text: string, file: string, line: number): RecordedLine | string {
  const space = text.indexOf(' ');
  const tsReceived = receiveTimeOf(text, space);
  if (tsReceived === undefined) return 'not `<time> <JSON>`';
  const json = text.slice(space + 1).trimEnd();
  if (json.charCodeAt(0) !== OPEN || json.charCodeAt(json.length - 1) !== CLOSE) return 'not `<time> <JSON>`';
  const sent = numberAt(json, 'E":');
  const tsVenue = sent > 1e12 ? sent : undefined;
  if (tsVenue !== undefined && Math.abs(tsVenue - tsReceived) > PLAUSIBLE_MS) return 'sent and received days apart';
  if (tsVenue !== undefined && Math.abs(numberAt(json, 'T":') - tsVenue) > STRAY_MS && OBSERVED.test(json))
    return 'its times `T` and `E` are far apart';
  return { tsReceived, tsVenue, text: json, file, line };
}

/**
 * Epoch ms if `text` starts with milliseconds, microseconds or nanoseconds that end at `space`. Reads digit by digit: a pattern
 * takes twice as long.
 */
function receiveTimeOf(text: string, space: number): number | undefined {
  if (space !== MS_DIGITS && space !== 16 && space !== 19) return undefined;
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
