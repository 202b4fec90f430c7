import { isFault } from '@helios/binance/rest/endpoint.ts';
import { garbage, judgeReply, type Server } from '@helios/binance/rest/judge-reply.ts';
import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { HttpClient } from '@helios/shared/runtime/http-client.ts';
import type { CoinPrice, CoinQuestion } from './coin-price.ts';
import { coinsMarkets } from './coins-markets.ts';
import { simplePrice } from './simple-price.ts';

export interface CoinGeckoOptions {
  /** e.g. `https://api.coingecko.com/api/v3`. */
  readonly baseUrl: string;
  readonly http: HttpClient;
  readonly timeoutMs: number;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface CoinGecko {
  /** Dollar prices of these coins, in one request; those it does not know are missing. Never rejects. */
  prices(ids: readonly string[]): Promise<{ readonly kind: 'OK'; readonly prices: readonly CoinPrice[] } | RestFailure>;
}

/** Reads CoinGecko's `simple/price`, and `coins/markets` if that gives no readable price. */
export function createCoinGecko({ baseUrl, http, timeoutMs, now }: CoinGeckoOptions): CoinGecko {
  const base = baseUrl.replace(/\/+$/, '');
  const server: Server = { name: 'CoinGecko', urlSetting: 'polling.coingecko_url', origin: new URL(base).origin };

  async function ask({ request, parse }: CoinQuestion, ids: readonly string[]) {
    const url = new URL(base + request(ids));
    const path = url.pathname + url.search;
    const judged = judgeReply(await http.get(url, timeoutMs), server, path, now());
    if (judged.kind === 'FAILURE') return judged;
    const prices = parse(judged.json);
    return isFault(prices) ? garbage(server, path, prices.detail) : ({ kind: 'OK', prices } as const);
  }

  return {
    async prices(ids) {
      const first = await ask(simplePrice, ids);
      const gaveNothing = first.kind === 'OK' ? first.prices.length === 0 : isWorthAnother(first);
      return gaveNothing ? ask(coinsMarkets, ids) : first;
    },
  };
}

/** False if CoinGecko limits requests or is not reachable: a second request would not help. */
function isWorthAnother({ code, status }: RestFailure): boolean {
  return code === 'GARBAGE' || (code === 'DOWN' && status !== undefined) || code === 'REJECTED';
}
