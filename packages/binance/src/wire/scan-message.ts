import { type BookTicker, bookTickerLayout } from './book-ticker.ts';
import { type DepthUpdate, depthUpdateLayout } from './depth-update.ts';
import { EventFields } from './event-fields.ts';
import type { EventLayout } from './event-layout.ts';
import { LayoutScan, literal } from './layout-scan.ts';
import { type MarkPriceUpdate, markPriceLayout } from './mark-price.ts';
import { aggTradeLayout, type Trade, tradeLayout } from './trade.ts';

/** The messages that can be scanned. */
export type ScannedMessage = DepthUpdate | BookTicker | Trade | MarkPriceUpdate;

const STREAM = literal('{"stream":"');
const AT = literal('@');
const DATA = literal('","data":{"e":"');
const EVENT = literal('{"e":"');
const END = literal('}');

/** Layouts by the first letter of stream and event; both have the same. */
const LAYOUTS: readonly (EventLayout<ScannedMessage> | undefined)[] = layoutsByLetter([
  depthUpdateLayout,
  bookTickerLayout,
  tradeLayout,
  aggTradeLayout,
  markPriceLayout,
]);
const FIELDS = new EventFields();

/**
 * Reads a message as the venue writes it, wrapped or bare, in less time than JSON needs. Undefined for any other text: a blank, an
 * escape, an unknown or repeated field, a number of more than 15 digits. The caller then parses it as JSON, with the same result.
 */
export function scanMessage(bytes: Uint8Array, from: number, end: number): ScannedMessage | undefined {
  const scan = new LayoutScan(bytes, from, end);
  const isWrapped = scan.skip(STREAM);
  if (isWrapped) {
    scan.streamPart();
    scan.expect(AT);
  } else {
    scan.expect(EVENT);
  }
  const layout = scan.fits ? LAYOUTS[scan.next ?? 0] : undefined;
  if (layout === undefined) return undefined;
  if (isWrapped) {
    scan.expect(layout.stream);
    if (scan.skip(AT)) scan.streamPart();
    scan.expect(DATA);
  }
  scan.expect(layout.event);
  FIELDS.read(scan, layout.fields);
  scan.expect(END);
  if (isWrapped) scan.expect(END);
  return scan.isComplete ? layout.build(FIELDS) : undefined;
}

function layoutsByLetter(layouts: readonly EventLayout<ScannedMessage>[]): (EventLayout<ScannedMessage> | undefined)[] {
  const byLetter: (EventLayout<ScannedMessage> | undefined)[] = new Array(128).fill(undefined);
  for (const layout of layouts) byLetter[layout.event[0] ?? 0] = layout;
  return byLetter;
}
