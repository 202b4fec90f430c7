import type { BookNotice } from '@helios/market-data/feed/symbol-book.ts';

/** Log text of a notice. */
export interface NoticeText {
  readonly fields: object;
  readonly message: string;
}

/** Converts a book notice to log fields and a message. */
export function describeNotice(notice: BookNotice): NoticeText {
  const { symbol } = notice;
  switch (notice.kind) {
    case 'DEPTH_GAP':
      return {
        fields: { symbol, expected_pu: notice.expected, received_pu: notice.received },
        message: 'depth gap, book dropped until the next snapshot',
      };
    case 'CROSSED_BOOK':
      return {
        fields: { symbol, bid: notice.bid, ask: notice.ask },
        message: 'crossed book, dropped until the next snapshot',
      };
    case 'STALE_SNAPSHOT':
      return {
        fields: { symbol, snapshot_id: notice.lastUpdateId, first_update_id: notice.firstUpdateId },
        message: 'snapshot is older than the updates kept, waiting for another',
      };
  }
}
