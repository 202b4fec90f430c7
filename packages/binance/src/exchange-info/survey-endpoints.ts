import type { BookTop, DayTicker } from '@helios/core/selection/market-survey.ts';
import { defineEndpoint } from '../rest/endpoint.ts';
import { parseBookTops } from './book-tops.ts';
import { parseDayTickers } from './day-tickers.ts';
import type { ParsedRows } from './parse-rows.ts';

/** `GET /fapi/v1/ticker/24hr` of all symbols; drops only the unreadable rows. */
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
