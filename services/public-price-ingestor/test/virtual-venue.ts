import { KLINE_INTERVAL_MS, type KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { HttpClient, HttpOutcome } from '@helios/shared/runtime/http-client.ts';
import type { VirtualTime } from './virtual-time.ts';

const LATENCY_MS = 40;
/** Age of CoinGecko's prices when they are sent. */
const COIN_AGE_MS = 5_000;
const COINS: Readonly<Record<string, number>> = { bitcoin: 101, ethereum: 99.5 };

/** The request weights of the venue, written again here, so that a test can detect a difference. */
function weightOf(path: string, query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? 500);
  const hasSymbol = query.has('symbol');
  switch (path) {
    case '/fapi/v1/depth':
      return limit <= 50 ? 2 : limit <= 100 ? 5 : limit <= 500 ? 10 : 20;
    case '/fapi/v1/klines':
      return limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1_000 ? 5 : 10;
    case '/fapi/v1/trades':
      return 5;
    case '/fapi/v1/premiumIndex':
      return hasSymbol ? 1 : 10;
    case '/fapi/v1/ticker/24hr':
      return hasSymbol ? 1 : 40;
    case '/fapi/v1/ticker/bookTicker':
      return hasSymbol ? 2 : 5;
    default:
      return 1;
  }
}

/** A kline row as the venue sends it: open time, prices, volume, close time and so on. */
export type KlineRow = readonly [openTs: number, ...rest: (string | number)[]];

export interface Asked {
  readonly ts: number;
  readonly path: string;
  readonly symbol: string | null;
  readonly interval: string | null;
  readonly weight: number;
}

/** A venue and a CoinGecko in virtual time; an answer takes 40 ms. Both can have faults. */
export class VirtualVenue implements HttpClient {
  readonly asked: Asked[] = [];
  readonly coinGeckoAsked: number[] = [];
  /** Weight that other programs on this address use at the beginning of each minute. */
  foreignPerMinute = 0;
  /** Offset of the venue's clock. */
  skewMs = 0;
  /** Answers instead of the venue; undefined: the venue answers. */
  venueFault: ((path: string, symbol: string | null) => HttpOutcome | undefined) | undefined;
  coinGeckoFault: (() => HttpOutcome | undefined) | undefined;
  coins: Record<string, number> = { ...COINS };
  /** Time of CoinGecko's prices, if it makes no new ones. */
  coinsFrozenTs: number | undefined;
  /** Statuses in exchangeInfo other than TRADING. */
  statuses: Record<string, string> = {};
  /** Changes a kline answer. */
  klineRows: ((rows: readonly KlineRow[], symbol: string, interval: string) => readonly KlineRow[]) | undefined;
  readonly #time: VirtualTime;
  readonly #symbols: readonly string[];

  constructor(time: VirtualTime, symbols: readonly string[]) {
    this.#time = time;
    this.#symbols = symbols;
  }

  async get(url: URL): Promise<HttpOutcome> {
    await this.#time.wait(LATENCY_MS / 2);
    const outcome = /gecko/.test(url.host) ? this.#coinGecko(url) : this.#venue(url);
    await this.#time.wait(LATENCY_MS / 2);
    return outcome;
  }

  close(): void {}

  /** Our weight by minute of the venue's clock. */
  weightByMinute(): ReadonlyMap<number, number> {
    const minutes = new Map<number, number>();
    for (const { ts, weight } of this.asked) {
      const minute = Math.floor(ts / 60_000);
      minutes.set(minute, (minutes.get(minute) ?? 0) + weight);
    }
    return minutes;
  }

  #venue(url: URL): HttpOutcome {
    const { pathname: path, searchParams: query } = url;
    const ts = this.#time.now() + this.skewMs;
    const symbol = query.get('symbol');
    this.asked.push({ ts, path, symbol, interval: query.get('interval'), weight: weightOf(path, query) });
    const fault = this.venueFault?.(path, symbol);
    if (fault !== undefined) return fault;
    const used = (this.weightByMinute().get(Math.floor(ts / 60_000)) ?? 0) + this.foreignPerMinute;
    const body = JSON.stringify(this.#answer(path, query, ts));
    return { kind: 'REPLY', status: 200, headers: { 'x-mbx-used-weight-1m': String(used) }, body };
  }

  #answer(path: string, query: URLSearchParams, ts: number): unknown {
    const symbol = query.get('symbol');
    const price = 100;
    switch (path) {
      case '/fapi/v1/time':
        return { serverTime: ts };
      case '/fapi/v1/exchangeInfo':
        return {
          serverTime: ts,
          rateLimits: [],
          symbols: this.#symbols.map((one) => listing(one, this.statuses[one])),
        };
      case '/fapi/v1/depth':
        return { lastUpdateId: ts, E: ts, T: ts - 1, bids: [[`${price}.0`, '1']], asks: [[`${price}.1`, '1']] };
      case '/fapi/v1/trades':
        return Array.from({ length: 20 }, (_, i) => tradeAt(Math.floor(ts / 100) - 20 + i));
      case '/fapi/v1/premiumIndex':
        return symbol === null ? this.#symbols.map((one) => premium(one, ts)) : premium(symbol, ts);
      case '/fapi/v1/klines':
        return this.#klines(query, ts);
      default:
        return [];
    }
  }

  #klines(query: URLSearchParams, ts: number): readonly KlineRow[] {
    const rows = klinesOf(query, ts);
    return this.klineRows?.(rows, query.get('symbol') ?? '', query.get('interval') ?? '') ?? rows;
  }

  #coinGecko(url: URL): HttpOutcome {
    this.coinGeckoAsked.push(this.#time.now());
    const fault = this.coinGeckoFault?.();
    if (fault !== undefined) return fault;
    const ids = (url.searchParams.get('ids') ?? '').split(',');
    const madeSec = Math.floor((this.coinsFrozenTs ?? this.#time.now() - COIN_AGE_MS) / 1_000);
    const known = ids.flatMap((id) => {
      const usd = this.coins[id];
      return usd === undefined ? [] : [[id, { usd, last_updated_at: madeSec }]];
    });
    return status(200, JSON.stringify(Object.fromEntries(known)));
  }
}

/** A reply with this status. */
export function status(code: number, body = '', headers: Record<string, string> = {}): HttpOutcome {
  return { kind: 'REPLY', status: code, headers, body };
}

export const refused: HttpOutcome = {
  kind: 'NO_REPLY',
  cause: 'UNREACHABLE',
  problem: 'the connection was refused (ECONNREFUSED)',
};

function listing(symbol: string, status = 'TRADING'): unknown {
  return {
    symbol,
    status,
    contractType: 'PERPETUAL',
    underlyingType: 'COIN',
    baseAsset: symbol.replace('USDT', ''),
    quoteAsset: 'USDT',
    marginAsset: 'USDT',
    onboardDate: 1,
    deliveryDate: 4_133_404_800_000,
    filters: [
      { filterType: 'PRICE_FILTER', tickSize: '0.1' },
      { filterType: 'LOT_SIZE', stepSize: '0.001' },
      { filterType: 'MIN_NOTIONAL', notional: '5' },
    ],
  };
}

function tradeAt(id: number): unknown {
  return { id, price: '100.0', qty: '1', quoteQty: '100', time: id * 100, isBuyerMaker: id % 2 === 0 };
}

function premium(symbol: string, ts: number): unknown {
  return {
    symbol,
    markPrice: '100.05',
    indexPrice: '100.04',
    lastFundingRate: '0.0001',
    nextFundingTime: ts + 1_000,
    time: ts,
  };
}

/** Klines up to the open one. */
function klinesOf(query: URLSearchParams, ts: number): readonly KlineRow[] {
  const ms = KLINE_INTERVAL_MS[(query.get('interval') ?? '1m') as KlineInterval];
  const limit = Number(query.get('limit'));
  const open = Math.floor(ts / ms) * ms;
  const first = query.has('startTime') ? Number(query.get('startTime')) : open - (limit - 1) * ms;
  const count = Math.min(limit, Math.max(0, Math.floor((open - first) / ms) + 1));
  return Array.from({ length: count }, (_, i) => {
    const openTs = first + i * ms;
    return [openTs, '100', '101', '99', '100', '5', openTs + ms - 1, '500', 7, '2', '200', '0'];
  });
}
