import { FaultBoard } from '@helios/exchange-simulator/faults/fault-board.ts';
import {
  type FaultyServer,
  type ServerPlace,
  type Site,
  startFaultyServer,
} from '@helios/exchange-simulator/http/faulty-server.ts';
import { jsonReply, type Reply } from '@helios/exchange-simulator/http/reply.ts';
import { RequestLog } from '@helios/exchange-simulator/limits/request-log.ts';
import { type CoinInput, completeCoin, type FakeCoin, marketRow } from './fake-coin.ts';

export interface CoinGeckoStart extends ServerPlace {
  readonly coins: readonly CoinInput[];
  /** Epoch ms; default: the machine's clock. */
  readonly nowMs?: () => number;
  /** Calls per clock minute, default 30; the real limit depends on the plan. */
  readonly callsPerMinute?: number;
}

/** A running fake of api.coingecko.com. */
export interface RunningCoinGecko extends FaultyServer {
  /** Sets a coin's price in US dollars with the present time; adds an unknown coin. */
  setPrice(id: string, usd: number): void;
  /** Removes the coin. */
  removeCoin(id: string): void;
}

const MINUTE_MS = 60_000;
/** US dollars per unit of the price currencies that are not coins. */
const USD_PER: ReadonlyMap<string, number> = new Map([
  ['usd', 1],
  ['eur', 1.1],
  ['gbp', 1.3],
]);

/** Serves `simple/price` and `coins/markets`; answers omit unknown coins, like the real site. */
export async function startCoinGecko(options: CoinGeckoStart): Promise<RunningCoinGecko> {
  const nowMs = options.nowMs ?? Date.now;
  const coins = new Map(options.coins.map((input) => [input.id, completeCoin(input, nowMs())]));
  const server = await startFaultyServer(siteOf(coins, nowMs, options.callsPerMinute ?? 30), options);
  return {
    ...server,
    setPrice(id, usd) {
      const known = coins.get(id) ?? completeCoin({ id, usd }, nowMs());
      coins.set(id, { ...known, usd, updatedMs: nowMs() });
    },
    removeCoin: (id) => void coins.delete(id),
  };
}

function siteOf(coins: ReadonlyMap<string, FakeCoin>, nowMs: () => number, callsPerMinute: number): Site {
  let minute = -1;
  let calls = 0;
  return {
    faults: new FaultBoard(),
    requests: new RequestLog(),
    now: nowMs,
    clock: nowMs,
    errors: (status) => (status === 429 ? TOO_MANY : status === 403 ? undefined : { error: `status ${status}` }),
    async answer(request, url) {
      const now = Math.floor(nowMs() / MINUTE_MS);
      calls = now === minute ? calls + 1 : 1;
      minute = now;
      if (calls > callsPerMinute) {
        const waitSec = Math.max(1, Math.ceil(((minute + 1) * MINUTE_MS - nowMs()) / 1_000));
        return { reply: jsonReply(429, TOO_MANY, { 'Retry-After': waitSec }), weight: 1 };
      }
      return { reply: answer(`${request.method} ${url.pathname}`, url.searchParams, coins), weight: 1 };
    },
  };
}

const TOO_MANY = { status: { error_code: 429, error_message: "You've exceeded the Rate Limit." } };

function answer(what: string, query: URLSearchParams, coins: ReadonlyMap<string, FakeCoin>): Reply {
  if (what === 'GET /api/v3/ping') return jsonReply(200, { gecko_says: '(V3) To the Moon!' });
  if (what === 'GET /api/v3/simple/price') return simplePrice(query, coins);
  if (what === 'GET /api/v3/coins/markets') return coinsMarkets(query, coins);
  return jsonReply(404, { error: 'Incorrect path. Please check https://www.coingecko.com/api/' });
}

const listOf = (text: string | null): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '');

function simplePrice(query: URLSearchParams, coins: ReadonlyMap<string, FakeCoin>): Reply {
  const ids = listOf(query.get('ids'));
  const currencies = listOf(query.get('vs_currencies'));
  if (ids.length === 0) return jsonReply(422, { error: 'Missing parameter ids' });
  if (currencies.length === 0) return jsonReply(422, { error: 'Missing parameter vs_currencies' });
  const asked = (name: string): boolean => query.get(name) === 'true';
  const body: Record<string, Record<string, number>> = {};
  for (const id of new Set(ids)) {
    const coin = coins.get(id);
    if (coin === undefined) continue;
    const prices: Record<string, number> = {};
    for (const currency of currencies) {
      const unit = USD_PER.get(currency);
      if (unit === undefined) continue;
      prices[currency] = coin.usd / unit;
      if (asked('include_market_cap')) prices[`${currency}_market_cap`] = coin.marketCapUsd / unit;
      if (asked('include_24hr_vol')) prices[`${currency}_24h_vol`] = coin.volumeUsd / unit;
      if (asked('include_24hr_change')) prices[`${currency}_24h_change`] = coin.change24hPct;
    }
    if (asked('include_last_updated_at')) prices['last_updated_at'] = Math.floor(coin.updatedMs / 1_000);
    body[id] = prices;
  }
  return jsonReply(200, body);
}

function coinsMarkets(query: URLSearchParams, coins: ReadonlyMap<string, FakeCoin>): Reply {
  const currency = (query.get('vs_currency') ?? '').toLowerCase();
  const unit = USD_PER.get(currency);
  if (currency === '') return jsonReply(422, { error: 'Missing parameter vs_currency' });
  if (unit === undefined) return jsonReply(400, { error: 'invalid vs_currency' });
  const [perPage, page] = [Number(query.get('per_page') ?? 100), Number(query.get('page') ?? 1)];
  if (!(Number.isInteger(perPage) && perPage >= 1 && perPage <= 250 && Number.isInteger(page) && page >= 1)) {
    return jsonReply(422, { error: 'per_page is 1 to 250, page is 1 or more' });
  }
  const ids = listOf(query.get('ids'));
  const ranked = [...coins.values()].sort((a, b) => b.marketCapUsd - a.marketCapUsd);
  const rows = ranked
    .map((coin, at) => marketRow(coin, at + 1, unit))
    .filter(({ id }) => ids.length === 0 || ids.includes(id));
  return jsonReply(200, rows.slice((page - 1) * perPage, page * perPage));
}
