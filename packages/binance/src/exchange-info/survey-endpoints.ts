import type { BookTop, DayTicker, Listing } from '@helios/shared/core/selection/market-survey.ts';
import { defineEndpoint } from '../rest/endpoint.ts';
import { parseBookTops } from './book-tops.ts';
import { parseDayTickers } from './day-tickers.ts';
import { parseExchangeInfo } from './parse-exchange-info.ts';
import type { ParsedRows } from './parse-rows.ts';

/** The three all-market answers that a watchlist is chosen from: together 46 of the venue's weight. */

/** `GET /fapi/v1/exchangeInfo`: everything that is listed; a row that cannot be read costs itself only. */
export const allListings = defineEndpoint<void, ParsedRows<Listing>>({
  path: '/fapi/v1/exchangeInfo',
  query: () => ({}),
  weight: () => 1,
  parse: parseExchangeInfo,
});

/** `GET /fapi/v1/ticker/24hr` of all symbols. */
export const allDayTickers = defineEndpoint<void, ParsedRows<DayTicker>>({
  path: '/fapi/v1/ticker/24hr',
  query: () => ({}),
  weight: () => 40,
  parse: parseDayTickers,
});

/** `GET /fapi/v1/ticker/bookTicker` of all symbols. */
export const allBookTops = defineEndpoint<void, ParsedRows<BookTop>>({
  path: '/fapi/v1/ticker/bookTicker',
  query: () => ({}),
  weight: () => 5,
  parse: parseBookTops,
});
