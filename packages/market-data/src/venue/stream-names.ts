const BOOKS = '@depth@100ms';

/** The streams of a symbol: book diffs, trades, mark price. The venue requires lower case. */
export function streamsOf(symbol: string): readonly string[] {
  const name = symbol.toLowerCase();
  return [`${name}${BOOKS}`, `${name}@aggTrade`, `${name}@markPrice@1s`];
}

/** The symbol of a book stream; undefined for other streams. */
export function symbolOfBookStream(stream: string): string | undefined {
  return stream.endsWith(BOOKS) ? stream.slice(0, -BOOKS.length).toUpperCase() : undefined;
}
