const BOOKS = '@depth@100ms';

/** The streams of a symbol: diffs of its book, its trades, its mark price. The venue wants lower case. */
export function streamsOf(symbol: string): readonly string[] {
  const name = symbol.toLowerCase();
  return [`${name}${BOOKS}`, `${name}@aggTrade`, `${name}@markPrice@1s`];
}

/** Whose book a stream carries; undefined for a stream of anything else. */
export function symbolOfBookStream(stream: string): string | undefined {
  return stream.endsWith(BOOKS) ? stream.slice(0, -BOOKS.length).toUpperCase() : undefined;
}
