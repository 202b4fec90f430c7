import type { Listing } from '@helios/core/selection/market-survey.ts';
import { parseExchangeInfo } from '../../exchange-info/parse-exchange-info.ts';
import type { ParsedRows } from '../../exchange-info/parse-rows.ts';
import { isLoose, isWhole, type Loose } from '../../wire/field-checks.ts';
import type { WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, isFault } from '../endpoint.ts';

/** The listed symbols, and the limits of requests. */
export interface ExchangeInfo extends RequestLimits {
  readonly listings: ParsedRows<Listing>;
}

/** Limits as the answer lists them; undefined where it has none. */
export interface RequestLimits {
  /** Request weight per minute and address. */
  readonly weightPerMinute: number | undefined;
  /** Orders of an account in ten seconds and in a minute. */
  readonly ordersPer10s: number | undefined;
  readonly ordersPerMinute: number | undefined;
}

/** `GET /fapi/v1/exchangeInfo`: all listed symbols with their steps, and the rate limits. */
export const exchangeInfo = defineEndpoint<void, ExchangeInfo>({
  path: '/fapi/v1/exchangeInfo',
  query: () => ({}),
  weight: () => 1,
  parse(json): ExchangeInfo | WireFault {
    const listings = parseExchangeInfo(json);
    return isFault(listings) ? listings : { listings, ...limitsIn(json) };
  },
});

const MINUTE_MS = 60_000;
const UNITS_MS: ReadonlyMap<unknown, number> = new Map([
  ['SECOND', 1_000],
  ['MINUTE', MINUTE_MS],
]);

function limitsIn(json: unknown): RequestLimits {
  const listed = isLoose(json) ? json['rateLimits'] : undefined;
  const rows = (Array.isArray(listed) ? listed : []).flatMap((row) => (isLoose(row) ? limitOf(row) : []));
  const weight = rows.find(({ type, windowMs }) => type === 'REQUEST_WEIGHT' && windowMs % MINUTE_MS === 0);
  const orders = (ms: number) => rows.find(({ type, windowMs }) => type === 'ORDERS' && windowMs === ms)?.limit;
  return {
    weightPerMinute: weight && (weight.limit * MINUTE_MS) / weight.windowMs,
    ordersPer10s: orders(10_000),
    ordersPerMinute: orders(MINUTE_MS),
  };
}

/** One limit of a window, or none if the row is unusable. */
function limitOf({ rateLimitType: type, interval, intervalNum, limit }: Loose) {
  const unitMs = UNITS_MS.get(interval);
  const isUsable = unitMs !== undefined && isWhole(intervalNum) && intervalNum > 0 && isWhole(limit) && limit > 0;
  return isUsable ? [{ type, windowMs: unitMs * intervalNum, limit }] : [];
}
