import { type BookTicker, parseBookTicker } from './wire/book-ticker.ts';
import { type DepthSnapshot, parseDepthSnapshot } from './wire/depth-snapshot.ts';
import { type DepthUpdate, parseDepthUpdate } from './wire/depth-update.ts';
import { isLoose, type Loose } from './wire/field-checks.ts';
import type { Ignored } from './wire/ignored.ts';
import { type KlineUpdate, parseKline } from './wire/kline.ts';
import { type MarkPriceUpdate, parseMarkPrice } from './wire/mark-price.ts';
import { scanMessage } from './wire/scan-message.ts';
import { parseTrade, type Trade } from './wire/trade.ts';
import { badField, type WireFault } from './wire/wire-fault.ts';

/** All results of parsing a market-data text of the venue. */
export type VenueMessage =
  | DepthUpdate
  | DepthSnapshot
  | BookTicker
  | Trade
  | MarkPriceUpdate
  | KlineUpdate
  | Ignored
  | WireFault;

const ignored = (reason: string): Ignored => ({ kind: 'IGNORED', reason });
const COIN_MARGINED = ignored('not a USDⓈ-M row (st)');
const PARTIAL_BOOK = ignored('a partial book, not a diff');
const ALL_MARKET = ignored('an all-market array');
const UNUSED = ignored('an event we do not use');
const ANSWER = ignored('an answer to a request');

/**
 * Parses one text of the venue: a combined-stream wrapper, a bare event, or a REST depth snapshot of `symbol`. Never throws. Ids
 * and times that JSON cannot carry exactly (above 2^53) are faults; they are never rounded silently.
 */
export function parseFrame(text: string, symbol?: string): VenueMessage {
  const length = TEXT.write(text);
  return (length === text.length ? scanMessage(TEXT, 0, length) : undefined) ?? parseJson(text, symbol);
}

/** More than any streamed message of the venue needs; a longer text is parsed as JSON. */
const MAX_BYTES = 64 * 1024;
/** The text of the only scan in progress: reading its bytes takes a sixth of the time of reading characters of a slice. */
const TEXT = Buffer.alloc(MAX_BYTES);

function parseJson(text: string, symbol: string | undefined): VenueMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'FAULT', code: 'NOT_JSON', detail: `not JSON: ${why.slice(0, 120)}` };
  }
  if (!isLoose(json)) return Array.isArray(json) ? ALL_MARKET : badField('frame', 'document', json);
  const stream = json['stream'];
  if (stream === undefined) return parseEvent(json, symbol);
  if (typeof stream !== 'string') return badField('wrapper', 'stream', stream);
  return parseWrapped(stream, json['data'], symbol);
}

function parseWrapped(stream: string, data: unknown, symbol: string | undefined): VenueMessage {
  if (Array.isArray(data)) return ALL_MARKET;
  if (!isLoose(data)) return badField(`wrapper of ${stream}`, 'data', data);
  const at = stream.indexOf('@');
  if (data['e'] === 'depthUpdate' && !isDiffStream(stream, at)) return PARTIAL_BOOK;
  if (data['e'] === undefined && at > 0) return parseEvent(data, stream.slice(0, at).toUpperCase());
  return parseEvent(data, symbol);
}

/** `@depth` and `@depth@100ms` carry diffs; `@depth20` and `@rpiDepth` are other books in the same format. */
function isDiffStream(stream: string, at: number): boolean {
  if (!stream.startsWith('@depth', at)) return false;
  const next = stream.charCodeAt(at + 6);
  return Number.isNaN(next) || next === 64;
}

function parseEvent(data: Loose, symbol: string | undefined): VenueMessage {
  const margin = data['st'];
  if (margin !== undefined && margin !== 1) return COIN_MARGINED;
  switch (data['e']) {
    case 'depthUpdate':
      return parseDepthUpdate(data);
    case 'bookTicker':
      return parseBookTicker(data);
    case 'trade':
      return parseTrade(data, 'trade');
    case 'aggTrade':
      return parseTrade(data, 'aggTrade');
    case 'markPriceUpdate':
      return parseMarkPrice(data);
    case 'kline':
      return parseKline(data);
    case undefined:
      return parseEventless(data, symbol);
    default:
      return UNUSED;
  }
}

function parseEventless(data: Loose, symbol: string | undefined): VenueMessage {
  if (data['lastUpdateId'] !== undefined) return parseDepthSnapshot(data, symbol);
  if ('result' in data || 'id' in data) return ANSWER;
  return badField('frame', 'e', undefined);
}
