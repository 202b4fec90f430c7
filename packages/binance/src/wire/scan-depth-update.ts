import type { Level } from '@helios/shared/domain/market-data.ts';
import type { DepthUpdate } from './depth-update.ts';
import { PATTERNS } from './field-checks.ts';

const { whole, symbol: name } = PATTERNS;
const HEAD = new RegExp(
  `^\\{"stream":"[a-z0-9_]+@depth(?:@[a-z0-9]+)?","data":\\{"e":"depthUpdate","E":${whole},"T":${whole},"s":"${name}",` +
    `"U":${whole},"u":${whole},"pu":${whole},"b":\\[`,
);
const BETWEEN = '],"a":[';
const END = ']}}';

/**
 * Parses a depth update in the venue's exact layout, in a third of the time that JSON and its checks need. Undefined for any other
 * text; the caller then parses it as JSON. Both ways give the same result.
 */
export function scanDepthUpdate(text: string): DepthUpdate | undefined {
  const head = HEAD.exec(text);
  if (head === null) return undefined;
  const bids: Level[] = [];
  const asks: Level[] = [];
  const bidsEnd = scanLevels(text, head[0].length, bids);
  if (!text.startsWith(BETWEEN, bidsEnd)) return undefined;
  const asksEnd = scanLevels(text, bidsEnd + BETWEEN.length, asks);
  if (!text.startsWith(END, asksEnd) || text.length !== asksEnd + END.length) return undefined;
  const [, sent, event, symbol = '', first, last, previous] = head;
  return {
    kind: 'DEPTH_UPDATE',
    symbol,
    tsEvent: Number(event),
    tsSent: Number(sent),
    firstUpdateId: Number(first),
    lastUpdateId: Number(last),
    previousUpdateId: Number(previous),
    bids,
    asks,
  };
}

/** Maximum length of a decimal. A longer slice would keep the whole text in memory while its level is in a book. */
const MAX_CHARS = 12;
const QUOTE = 34;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const NINE = 57;

/** Adds levels (`["1.0","2"],["1.1","3"]`) to `levels`. Returns the index after them, or the text's length if they are malformed. */
function scanLevels(text: string, from: number, levels: Level[]): number {
  let at = from;
  while (text.startsWith('["', at)) {
    const priceEnd = scanDecimal(text, at + 2, true);
    if (!text.startsWith('","', priceEnd)) return text.length;
    const qtyEnd = scanDecimal(text, priceEnd + 3, false);
    if (!text.startsWith('"]', qtyEnd)) return text.length;
    levels.push([text.slice(at + 2, priceEnd), text.slice(priceEnd + 3, qtyEnd)]);
    at = qtyEnd + 2;
    if (text.charCodeAt(at) !== COMMA) return at;
    at += 1;
  }
  return levels.length === 0 ? at : text.length;
}

/** Index of a decimal's closing quote; the text's length if the decimal is invalid, too long, or zero where it must be positive. */
function scanDecimal(text: string, from: number, mustBePositive: boolean): number {
  let point = -1;
  let isPositive = false;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const isDecimal = at > from && at - from <= MAX_CHARS && point !== at - 1;
      return isDecimal && (isPositive || !mustBePositive) ? at : text.length;
    }
    if (code === POINT && point < 0 && at > from) point = at;
    else if (code < ZERO || code > NINE) return text.length;
    else if (code !== ZERO) isPositive = true;
  }
  return text.length;
}
