import { isVenueInterval, type VenueInterval } from '../market/candle-times.ts';

/** What a stream tells of, and how often, ms. */
export type StreamKind =
  | { readonly kind: 'DEPTH'; readonly everyMs: number }
  | { readonly kind: 'BOOK_TICKER' }
  | { readonly kind: 'AGG_TRADE' }
  | { readonly kind: 'MARK_PRICE'; readonly everyMs: number }
  | { readonly kind: 'KLINE'; readonly interval: VenueInterval };

/** A stream's name, read. `symbol` is in lower case. */
export interface StreamName {
  readonly name: string;
  readonly symbol: string;
  readonly kind: StreamKind;
}

/** Where a connection was opened; `legacy` is the address without a route. */
export const ROUTES = ['public', 'market', 'legacy'] as const;
export type Route = (typeof ROUTES)[number];

/** `@depth` pushes every 250 ms, but `@depth@250ms` is none, as measured; nor is `@trade` since 2026. */
const KINDS: Readonly<Record<string, StreamKind>> = {
  depth: { kind: 'DEPTH', everyMs: 250 },
  'depth@100ms': { kind: 'DEPTH', everyMs: 100 },
  'depth@500ms': { kind: 'DEPTH', everyMs: 500 },
  bookTicker: { kind: 'BOOK_TICKER' },
  aggTrade: { kind: 'AGG_TRADE' },
  markPrice: { kind: 'MARK_PRICE', everyMs: 3_000 },
  'markPrice@1s': { kind: 'MARK_PRICE', everyMs: 1_000 },
};
const KLINE = 'kline_';

/** Reads a stream's name, which is lower case but for what it tells of; undefined for one that nothing ever comes of. */
export function readStreamName(name: string): StreamName | undefined {
  const at = name.indexOf('@');
  const symbol = name.slice(0, at);
  if (at <= 0 || symbol !== symbol.toLowerCase()) return undefined;
  const kind = kindOf(name.slice(at + 1));
  return kind && { name, symbol, kind };
}

function kindOf(text: string): StreamKind | undefined {
  if (!text.startsWith(KLINE)) return Object.hasOwn(KINDS, text) ? KINDS[text] : undefined;
  const interval = text.slice(KLINE.length);
  return isVenueInterval(interval) ? { kind: 'KLINE', interval } : undefined;
}

/** Books come over `/public`, all else over `/market`; without a route, since 2026-04-23, depth alone. */
export function isServedOn(route: Route, { kind }: StreamKind): boolean {
  if (route === 'legacy') return kind === 'DEPTH';
  return (route === 'public') === (kind === 'DEPTH' || kind === 'BOOK_TICKER');
}
