import type { VenueMessage } from '@helios/binance/parse-frame.ts';

/** How long one symbol was seen, and how long of that without a valid book. */
export class BookTime {
  /** Market time of all its sessions, ms. */
  seenMs = 0;
  /** Part of it without a valid book, ms. */
  withoutBookMs = 0;
  hadSnapshot = false;
  hadUpdate = false;

  /** Market time went from `fromTs` (undefined: a session begins) to `toTs`, with a book or without. */
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
