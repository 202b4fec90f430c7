import type { ReplayProgress, SymbolBookTime } from '@helios/shared/domain/fleet.ts';

/** Normal time between a snapshot and the first update that joins it, ms. */
const JOINING_MS = 2_000;

/** False if no symbol ever had a valid book. True for a summary of an earlier version, which lacks this figure. */
export function hadBook({ books }: Pick<ReplayProgress, 'books'>): boolean {
  return books === undefined || books.some((book) => book.without_book_ms < book.seen_ms);
}

/** One line for each symbol that had no order book for part of its time, with the cause and what to do. */
export function describeBooks(progress: Pick<ReplayProgress, 'books'>): string[] {
  const lines = (progress.books ?? [])
    .filter((book) => book.without_book_ms > JOINING_MS || book.without_book_ms >= book.seen_ms)
    .map((book) => `  ${book.symbol} had no order book for ${share(book)}: ${causeOf(book)}.`);
  if (hadBook(progress)) return lines;
  return [...lines, '  No symbol ever had a valid order book, so Helios could decide nothing: exit code 1.'];
}

function share({ without_book_ms, seen_ms }: SymbolBookTime): string {
  return `${(without_book_ms / 1_000).toFixed(1)} s of ${(seen_ms / 1_000).toFixed(1)} s`;
}

function causeOf({ symbol, had_snapshot, had_updates, gaps }: SymbolBookTime): string {
  if (!had_updates) return 'the recording has no depth updates for it; record the stream <symbol>@depth@100ms';
  const asked = `GET depth?symbol=${symbol}&limit=1000`;
  if (!had_snapshot) {
    return `the recording has no snapshot for it; record the answer of ${asked} as one line. In a file with several symbols, wrap it as {"stream":"${symbol.toLowerCase()}@depth","data":…}`;
  }
  const missing = gaps === 1 ? 'an update is missing' : `${gaps} updates are missing`;
  if (gaps > 0) return `${missing}, and only the next snapshot restores the book; record ${asked} again after each gap`;
  return `its snapshot does not join its updates; request ${asked} after the stream has begun`;
}
