import type { SymbolBookTime } from '@helios/shared/domain/fleet.ts';
import type { RecordingFault, RecordingFaultKind } from '../recording-fault.ts';
import type { VenueFrame } from '../source.ts';
import type { FeedNotice } from './symbol-feed.ts';

/** Faults of one kind that are listed for a symbol: every line of a recording may be there twice. */
const MAX_LISTED = 1_000;
/** A part without a book up to this share of the time is usual: a recording begins before its first snapshot. */
const USUAL_SHARE = 0.05;
const USUAL_MS = 1_000;

/** Turns what a feed finds out about its frames into faults of the recording, with the places of the frames. */
export class FeedFaults {
  /** The frame that the feed receives next. */
  frame: VenueFrame | undefined;
  readonly #onFault: (fault: RecordingFault) => void;
  readonly #counts = new Map<string, number>();

  constructor(onFault: (fault: RecordingFault) => void) {
    this.#onFault = onFault;
  }

  onNotice(notice: FeedNotice): void {
    if (notice.kind === 'DEPTH_GAP') {
      const detail = `expected the update after ${notice.expected}, got the one after ${notice.received}: no book until the next snapshot`;
      this.#add('DEPTH_GAP', notice.symbol, detail);
    } else if (notice.kind === 'CROSSED_BOOK') {
      const detail = `bid ${notice.bid}, ask ${notice.ask}: no book until the next snapshot`;
      this.#add('CROSSED_BOOK', notice.symbol, detail);
    } else if (notice.kind === 'REPEATED_TRADE') {
      this.#add('REPEATED_TRADE', notice.symbol, `trade ${notice.tradeId} came before, or out of order: left out`);
    }
  }

  /** Names the symbols that had no book for long. For the end of a recording; files of trades alone hold no books. */
  end(times: readonly SymbolBookTime[]): void {
    for (const { symbol, seen_ms, without_book_ms, had_updates, had_snapshot } of times) {
      const isUsual = without_book_ms <= Math.max(USUAL_MS, USUAL_SHARE * seen_ms);
      if (isUsual && had_updates && had_snapshot) continue;
      const [without, seen] = [without_book_ms, seen_ms].map((ms) => Math.round(ms / 1_000));
      const missing = had_updates ? 'snapshot fits its updates' : 'depth update is in the data';
      const why = had_updates && had_snapshot ? '' : `, because no ${missing}`;
      this.#add('NO_BOOK', symbol, `no valid book for ${without} of ${seen} s${why}: no entry is decided then`);
    }
  }

  #add(kind: RecordingFaultKind, symbol: string, detail: string): void {
    const key = `${kind} ${symbol}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count > MAX_LISTED) return;
    const rest = count === MAX_LISTED ? '; further ones are not listed' : '';
    const { file = '', line = 0 } = this.frame ?? {};
    this.#onFault({ kind, file, line, detail: `${symbol}: ${detail}${rest}` });
  }
}
