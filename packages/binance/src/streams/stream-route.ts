/** Path of a kind of stream. On the wrong path the venue acknowledges a stream, but sends no data. */
export type StreamRoute = 'public' | 'market';

const BOOKS = /@(depth|rpiDepth|bookTicker)/;

/** Books come over `/public`, everything else of the market over `/market` (since 2026-04-23). */
export function routeOf(stream: string): StreamRoute {
  return BOOKS.test(stream) ? 'public' : 'market';
}
