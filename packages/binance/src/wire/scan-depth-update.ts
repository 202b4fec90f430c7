import type { Level } from '@helios/shared/domain/market-data.ts';
import type { DepthUpdate } from './depth-update.ts';
import { LayoutScan, literal } from './layout-scan.ts';

const STREAM = literal('{"stream":"');
const DEPTH = literal('@depth');
const SPEED = literal('@');
const SENT = literal('","data":{"e":"depthUpdate","E":');
const EVENT = literal(',"T":');
const SYMBOL = literal(',"s":"');
const FIRST_ID = literal('","U":');
const LAST_ID = literal(',"u":');
const PREVIOUS_ID = literal(',"pu":');
const BIDS = literal(',"b":[');
const ASKS = literal('],"a":[');
const END = literal(']}}');
const PRICE = literal('["');
const QUANTITY = literal(',"');
const LEVEL_END = literal(']');
const NEXT_PRICE = literal(',["');

/**
 * Parses a depth update in the venue's exact layout, in a quarter of the time that JSON and its checks need. Undefined for any
 * other text; the caller then parses it as JSON. Both ways give the same result.
 */
export function scanDepthUpdate(text: string): DepthUpdate | undefined {
  const scan = new LayoutScan(text);
  scan.expect(STREAM);
  scan.streamPart();
  scan.expect(DEPTH);
  if (!scan.fits) return undefined;
  if (scan.skip(SPEED)) scan.streamPart();
  scan.expect(SENT);
  const tsSent = scan.whole();
  scan.expect(EVENT);
  const tsEvent = scan.whole();
  scan.expect(SYMBOL);
  const symbol = scan.symbol();
  scan.expect(FIRST_ID);
  const firstUpdateId = scan.whole();
  scan.expect(LAST_ID);
  const lastUpdateId = scan.whole();
  scan.expect(PREVIOUS_ID);
  const previousUpdateId = scan.whole();
  scan.expect(BIDS);
  const bids = scanLevels(scan);
  scan.expect(ASKS);
  const asks = scanLevels(scan);
  scan.expect(END);
  if (!scan.isComplete) return undefined;
  return { kind: 'DEPTH_UPDATE', symbol, tsEvent, tsSent, firstUpdateId, lastUpdateId, previousUpdateId, bids, asks };
}

/** Reads levels such as `["1.0","2"],["1.1","3"]`. */
function scanLevels(scan: LayoutScan): Level[] {
  const levels: Level[] = [];
  let isNext = scan.skip(PRICE);
  while (isNext && scan.fits) {
    const price = scan.positiveDecimal();
    scan.expect(QUANTITY);
    levels.push([price, scan.unsignedDecimal()]);
    scan.expect(LEVEL_END);
    isNext = scan.skip(NEXT_PRICE);
  }
  return levels;
}
