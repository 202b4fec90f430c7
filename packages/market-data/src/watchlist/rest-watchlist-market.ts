import type { ParsedRows } from '@helios/binance/exchange-info/parse-rows.ts';
import { allBookTops, allDayTickers } from '@helios/binance/exchange-info/survey-endpoints.ts';
import type { Endpoint } from '@helios/binance/rest/endpoint.ts';
import { exchangeInfo } from '@helios/binance/rest/endpoints/exchange-info.ts';
import { klines } from '@helios/binance/rest/endpoints/klines.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { RestAnswer, RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { Listing } from '@helios/core/selection/market-survey.ts';
import { hourlyAtrPct, VOLATILITY_KLINES } from '@helios/core/selection/volatility.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { SurveyAnswer, WatchlistMarket } from './watchlist-market.ts';

export interface RestWatchlistMarketOptions {
  readonly rest: Pick<PublicRest, 'ask'>;
  readonly log: Logger;
  /** Receives the limit of the venue, request weight per minute. */
  readonly onWeightLimit: (weightPerMinute: number) => void;
  /** The time of the venue, epoch ms; tickers carry its timestamps. */
  readonly venueNow: () => number;
}

/**
 * The market through the venue's public REST endpoints: three requests per scan (weight 46) and one per measured symbol (weight
 * 1). Unreadable rows are logged when their number rises.
 */
export function createRestWatchlistMarket(options: RestWatchlistMarketOptions): WatchlistMarket {
  const { rest, log, onWeightLimit, venueNow } = options;
  const dropped = new Map<string, number>();

  async function ask<V, T>(
    endpoint: Endpoint<void, V>,
    rowsOf: (value: V) => ParsedRows<T>,
  ): Promise<RestAnswer<readonly T[]>> {
    const answer = await rest.ask(endpoint, undefined);
    if (answer.kind === 'FAILURE') return answer;
    const { rows, dropped: count, firstFault } = rowsOf(answer.value);
    if (count > (dropped.get(endpoint.path) ?? 0)) {
      log.warn({ request: endpoint.path, dropped: count, first_fault: firstFault }, 'unreadable rows');
    }
    dropped.set(endpoint.path, count);
    return { ...answer, value: rows };
  }

  function listings(): Promise<RestAnswer<readonly Listing[]>> {
    return ask(exchangeInfo, (info) => {
      if (info.weightPerMinute !== undefined) onWeightLimit(info.weightPerMinute);
      return info.listings;
    });
  }

  async function survey(listed: readonly Listing[]): Promise<SurveyAnswer> {
    const tickers = await ask(allDayTickers, (rows) => rows);
    if (tickers.kind === 'FAILURE') return failed(tickers);
    const venueTs = venueNow();
    const tops = await ask(allBookTops, (rows) => rows);
    if (tops.kind === 'FAILURE') return failed(tops);
    return { kind: 'SURVEY', survey: { listings: listed, tickers: tickers.value, tops: tops.value, venueTs } };
  }

  /** Measures one symbol after another, to spare the venue; stops at the first refused request. */
  async function measureVolatility(symbols: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const measured = new Map<string, number>();
    for (const symbol of symbols) {
      const answer = await rest.ask(klines, { symbol, interval: '1h', limit: VOLATILITY_KLINES + 1 });
      if (answer.kind === 'FAILURE') {
        if (answer.code === 'REJECTED' || answer.code === 'GARBAGE') continue;
        const fields = { code: answer.code, detail: answer.detail, measured: measured.size, of: symbols.length };
        log.warn(fields, 'volatility of some symbols is estimated, not measured');
        return measured;
      }
      // The newest kline is open.
      const pct = hourlyAtrPct(answer.value.slice(0, -1));
      if (pct !== undefined) measured.set(symbol, pct);
    }
    return measured;
  }

  return { listings, survey, measureVolatility };
}

function failed({ detail, advice }: RestFailure): SurveyAnswer {
  return { kind: 'FAILED', detail: `${detail} ${advice}` };
}
