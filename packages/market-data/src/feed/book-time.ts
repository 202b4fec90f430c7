import type { VenueMessage } from '@helios/binance/parse-frame.ts';

/** Total observed time of one symbol, and the part without a valid book. */
export class BookTime {
  /** Market time of all sessions of the symbol, ms. */
  seenMs = 0;
  /** Part of it without a valid book, ms. */
  withoutBookMs = 0;
  hadSnapshot = false;
  hadUpdate = false;

  /** Adds the market time from `fromTs` (undefined at the start of a session) to `toTs`, with or without a book. */
  pass(fromTs: number | undefined, toTs: number, hasBook: boolean): void {
    if (fromTs === undefined) return;
    this.seenMs += toTs - fromTs;
    if (!hasBook) this.withoutBookMs += toTs - fromTs;
  }

  onMessage(kind: VenueMessage['kind']): void {
    if (kind === 'DEPTH_SNAPSHOT') this.hadSnapshot = true;
    else if (kind === 'DEPTH_UPDATE') this.hadUpdate = true;
  }
}
