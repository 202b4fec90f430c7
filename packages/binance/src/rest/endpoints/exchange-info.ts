import type { Listing } from '@helios/core/selection/market-survey.ts';
import { parseExchangeInfo } from '../../exchange-info/parse-exchange-info.ts';
import type { ParsedRows } from '../../exchange-info/parse-rows.ts';
import { isLoose, isWhole, type Loose } from '../../wire/field-checks.ts';
import type { WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, isFault } from '../endpoint.ts';

/** The listed symbols, and the request limit. */
export interface ExchangeInfo {
  readonly listings: ParsedRows<Listing>;
  /** Request weight per minute and address; undefined if the answer has none. */
  readonly weightPerMinute: number | undefined;
}

/** `GET /fapi/v1/exchangeInfo`: all listed symbols with their steps, and the rate limits. */
export const exchangeInfo = defineEndpoint<void, ExchangeInfo>({
  path: '/fapi/v1/exchangeInfo',
  query: () => ({}),
  weight: () => 1,
  parse(json): ExchangeInfo | WireFault {
    const listings = parseExchangeInfo(json);
    return isFault(listings) ? listings : { listings, weightPerMinute: weightLimit(json) };
  },
});

function weightLimit(json: unknown): number | undefined {
  const limits = isLoose(json) ? json['rateLimits'] : undefined;
  if (!Array.isArray(limits)) return undefined;
  const isWeight = (row: unknown): row is Loose => isLoose(row) && row['rateLimitType'] === 'REQUEST_WEIGHT';
  const { interval, intervalNum, limit } = limits.find(isWeight) ?? {};
  const isUsable = interval === 'MINUTE' && isWhole(intervalNum) && intervalNum > 0 && isWhole(limit) && limit > 0;
  return isUsable ? limit / intervalNum : undefined;
}
