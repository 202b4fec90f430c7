import type { VenueMessage } from '../src/parse-frame.ts';

/** A message with all its texts and without whole numbers of levels: what JSON and a scan of one text must agree on. */
export function plainMessage(message: VenueMessage): object {
  if (message.kind === 'DEPTH_UPDATE') {
    const { units: _, ...fields } = message;
    return { ...fields, bids: message.bids, asks: message.asks };
  }
  if (message.kind === 'BOOK_TICKER') return { ...message, bid: message.bid, ask: message.ask };
  return { ...message };
}
