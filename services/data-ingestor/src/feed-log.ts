import type { FeedNotice } from '@helios/market-data/feed/symbol-feed.ts';
import type { RecordingFault } from '@helios/market-data/recording-fault.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { describeNotice } from './describe-notice.ts';

/** Logs each kind of problem once per symbol or file and counts the rest: a damaged recording must not flood the log. */
export class FeedLog {
  /** Number of malformed lines and of files with a damaged end. */
  badLines = 0;
  /** Files whose rest is unreadable, with their last readable line. */
  readonly brokenOff: Pick<RecordingFault, 'file' | 'line' | 'detail'>[] = [];
  readonly #log: Logger;
  readonly #counts = new Map<string, number>();

  constructor(log: Logger) {
    this.#log = log;
  }

  onFault(fault: RecordingFault): void {
    const { file, line, detail } = fault;
    if (fault.kind === 'OVERLAPPING_FILES') {
      this.#log.warn({ file, detail }, 'recordings overlap, so their common part plays twice; name only one of them');
      return;
    }
    this.badLines += 1;
    if (fault.kind === 'BAD_LINE') this.#once(`BAD_LINE ${file}`, { file, line, detail }, 'line skipped');
    else {
      this.brokenOff.push({ file, line, detail });
      this.#once(
        `${fault.kind} ${file}`,
        { file, line, detail },
        'rest of the recording cannot be read, continuing without it',
      );
    }
  }

  onNotice(notice: FeedNotice): void {
    switch (notice.kind) {
      case 'BAD_FRAME': {
        const { file, line, symbol } = notice.frame;
        const place = file === undefined ? { symbol } : { file, line };
        this.#once(`BAD_FRAME ${file ?? symbol}`, { ...place, detail: notice.detail }, 'message skipped');
        return;
      }
      case 'UNKNOWN_SYMBOL':
        this.#once(`UNKNOWN_SYMBOL ${notice.symbol}`, { symbol: notice.symbol }, 'symbol was not announced, ignored');
        return;
      case 'REPEATED_TRADE': {
        const { symbol, tradeId } = notice;
        this.#once(
          `REPEATED_TRADE ${symbol}`,
          { symbol, trade_id: tradeId },
          'trade came twice or out of order, ignored',
        );
        return;
      }
      default: {
        const { fields, message } = describeNotice(notice);
        this.#once(`${notice.kind} ${notice.symbol}`, fields, message);
      }
    }
  }

  /** Counts of the problems that occurred more than once. */
  repeated(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].filter(([, count]) => count > 1));
  }

  #once(what: string, fields: object, message: string): void {
    const count = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, count);
    if (count === 1) this.#log.warn(fields, `${message} (logged once, then counted)`);
  }
}
