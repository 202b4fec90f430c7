import { isVenueInterval, type VenueInterval } from '../market/kline-times.ts';

/** Content of a one-symbol stream, and its interval, ms. */
export type SymbolStreamKind =
  | { readonly kind: 'DEPTH' | 'MARK_PRICE'; readonly everyMs: number }
  | { readonly kind: 'PARTIAL_DEPTH'; readonly levels: number; readonly everyMs: number }
  | { readonly kind: 'KLINE' | 'CONTINUOUS_KLINE'; readonly interval: VenueInterval }
  | { readonly kind: 'BOOK_TICKER' | 'TRADE' | 'AGG_TRADE' | 'TICKER' | 'MINI_TICKER' | 'FORCE_ORDER' };

/** Content of an all-market stream, and its interval, ms. Contracts are sent when they change. */
export type MarketStreamKind = {
  readonly kind:
    | 'ALL_TICKERS'
    | 'ALL_MINI_TICKERS'
    | 'ALL_MARK_PRICES'
    | 'ALL_BOOK_TICKERS'
    | 'ALL_FORCE_ORDERS'
    | 'ALL_ASSET_INDEXES'
    | 'CONTRACTS';
  readonly everyMs: number;
};

/** The contract of a stream, by its symbol or by pair and type; both in lower case. */
export type StreamSubject =
  | { readonly by: 'symbol'; readonly symbol: string }
  | { readonly by: 'pair'; readonly pair: string; readonly contractType: string };

export interface SymbolStreamName {
  readonly name: string;
  readonly of: StreamSubject;
  readonly kind: SymbolStreamKind;
}

export interface MarketStreamName {
  readonly name: string;
  readonly of: undefined;
  readonly kind: MarketStreamKind;
}

/** A parsed stream name. */
export type StreamName = SymbolStreamName | MarketStreamName;

/** Routes of a connection; `legacy` is the address without a route. */
export const ROUTES = ['public', 'market', 'private', 'legacy'] as const;
export type Route = (typeof ROUTES)[number];
/**
 * Default routes that deliver `@trade`. The venue no longer documents this stream. In 2026 we saw it on these two routes; the authors of
 * a client library report that it is silent.
 */
export const TRADE_ROUTES: readonly Route[] = ['public', 'legacy'];

/** Both depth streams send every 250 ms by default. Spelled out (`@depth@250ms`), the venue accepts the name but sends nothing, as measured. */
const USUAL_DEPTH_MS = 250;
const SPELLED_DEPTH_MS = [100, 500];
const DEPTH_LEVELS = [5, 10, 20];

const SYMBOL_KINDS: ReadonlyMap<string, SymbolStreamKind> = new Map<string, SymbolStreamKind>([
  ...depthKinds('depth', (everyMs) => ({ kind: 'DEPTH', everyMs })),
  ...DEPTH_LEVELS.flatMap((levels) =>
    depthKinds(`depth${levels}`, (everyMs) => ({ kind: 'PARTIAL_DEPTH', levels, everyMs })),
  ),
  // For partial depth, the venue documents 250 ms as a valid spelled-out speed.
  ...DEPTH_LEVELS.map((levels): [string, SymbolStreamKind] => [
    `depth${levels}@250ms`,
    { kind: 'PARTIAL_DEPTH', levels, everyMs: USUAL_DEPTH_MS },
  ]),
  // The simulator has no RPI orders, so this is the same book.
  ['rpiDepth@500ms', { kind: 'DEPTH', everyMs: 500 }],
  ['bookTicker', { kind: 'BOOK_TICKER' }],
  ['trade', { kind: 'TRADE' }],
  ['aggTrade', { kind: 'AGG_TRADE' }],
  ['markPrice', { kind: 'MARK_PRICE', everyMs: 3_000 }],
  ['markPrice@1s', { kind: 'MARK_PRICE', everyMs: 1_000 }],
  ['ticker', { kind: 'TICKER' }],
  ['miniTicker', { kind: 'MINI_TICKER' }],
  ['forceOrder', { kind: 'FORCE_ORDER' }],
]);

const MARKET_KINDS: ReadonlyMap<string, MarketStreamKind> = new Map<string, MarketStreamKind>([
  ['!ticker@arr', { kind: 'ALL_TICKERS', everyMs: 1_000 }],
  ['!miniTicker@arr', { kind: 'ALL_MINI_TICKERS', everyMs: 1_000 }],
  ['!markPrice@arr', { kind: 'ALL_MARK_PRICES', everyMs: 3_000 }],
  ['!markPrice@arr@1s', { kind: 'ALL_MARK_PRICES', everyMs: 1_000 }],
  ['!bookTicker', { kind: 'ALL_BOOK_TICKERS', everyMs: 5_000 }],
  ['!forceOrder@arr', { kind: 'ALL_FORCE_ORDERS', everyMs: 1_000 }],
  ['!assetIndex@arr', { kind: 'ALL_ASSET_INDEXES', everyMs: 1_000 }],
  ['!contractInfo', { kind: 'CONTRACTS', everyMs: 50 }],
]);

const KLINE = 'kline_';
const CONTINUOUS_KLINE = 'continuousKline_';

/** Parses a stream name, which is in lower case except for the kind; undefined for a name without events. */
export function readStreamName(name: string): StreamName | undefined {
  const ofMarket = MARKET_KINDS.get(name);
  if (ofMarket !== undefined) return { name, of: undefined, kind: ofMarket };
  const at = name.indexOf('@');
  const subject = name.slice(0, at);
  if (at <= 0 || subject !== subject.toLowerCase()) return undefined;
  const text = name.slice(at + 1);
  if (text.startsWith(CONTINUOUS_KLINE)) return continuousKline(name, subject, text.slice(CONTINUOUS_KLINE.length));
  const kind = kindOf(text);
  return kind && { name, of: { by: 'symbol', symbol: subject }, kind };
}

function kindOf(text: string): SymbolStreamKind | undefined {
  if (!text.startsWith(KLINE)) return SYMBOL_KINDS.get(text);
  const interval = text.slice(KLINE.length);
  return isVenueInterval(interval) ? { kind: 'KLINE', interval } : undefined;
}

/** `<pair>_<contractType>@continuousKline_<interval>`; the type may hold an underscore, the pair does not. */
function continuousKline(name: string, subject: string, interval: string): SymbolStreamName | undefined {
  const at = subject.indexOf('_');
  if (at <= 0 || !isVenueInterval(interval)) return undefined;
  const of = { by: 'pair', pair: subject.slice(0, at), contractType: subject.slice(at + 1) } as const;
  return { name, of, kind: { kind: 'CONTINUOUS_KLINE', interval } };
}

function depthKinds(name: string, kindOf: (everyMs: number) => SymbolStreamKind): [string, SymbolStreamKind][] {
  return [
    [name, kindOf(USUAL_DEPTH_MS)],
    ...SPELLED_DEPTH_MS.map((everyMs): [string, SymbolStreamKind] => [`${name}@${everyMs}ms`, kindOf(everyMs)]),
  ];
}

const PUBLIC_KINDS: readonly StreamName['kind']['kind'][] = [
  'DEPTH',
  'PARTIAL_DEPTH',
  'BOOK_TICKER',
  'ALL_BOOK_TICKERS',
];

/**
 * True if a route delivers a stream. `/public` delivers books, `/market` everything else, `/private` no market data. Without a route
 * only depth comes, since 2026-04-23. The routes of `@trade` are not documented, so `tradeRoutes` sets them.
 */
export function isServedOn(route: Route, { kind }: StreamName['kind'], tradeRoutes: readonly Route[]): boolean {
  if (kind === 'TRADE') return tradeRoutes.includes(route);
  if (route === 'private') return false;
  if (route === 'legacy') return kind === 'DEPTH' || kind === 'PARTIAL_DEPTH';
  return (route === 'public') === PUBLIC_KINDS.includes(kind);
}
