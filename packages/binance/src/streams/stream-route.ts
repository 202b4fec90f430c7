/** The venue serves its streams under paths of their own; asked under the wrong one, a stream is acknowledged and stays mute. */
export type StreamRoute = 'public' | 'market';

const BOOKS = /@(depth|rpiDepth|bookTicker)/;

/** Books come over `/public`, everything else of the market over `/market` (since 2026-04-23). */
export function routeOf(stream: string): StreamRoute {
  return BOOKS.test(stream) ? 'public' : 'market';
}
