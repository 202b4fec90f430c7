import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { isLoose, isPositiveDecimal, isWhole, type Loose } from '../../wire/field-checks.ts';
import { badField, type WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, isFault, parseRows } from '../endpoint.ts';

/** One listed contract of any kind: crypto perpetuals, deliveries, equities, commodities. */
export interface ListedSymbol {
  readonly symbol: string;
  /** `TRADING`, `PENDING_TRADING`, `TRADING_HALT`, `SETTLING`, `CLOSE`, … */
  readonly status: string;
  /** `PERPETUAL`, `TRADIFI_PERPETUAL`, `CURRENT_QUARTER`, …; empty on some that are not open yet. */
  readonly contractType: string;
  /** `COIN`, `INDEX`, `EQUITY`, `COMMODITY`, …; absent in answers of before 2021. */
  readonly underlyingType: string | undefined;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly marginAsset: string;
  /** When trading began, epoch ms. */
  readonly onboardTs: number | undefined;
  /** Ticks and steps; absent where a filter is missing or zero, which then cannot be traded. */
  readonly instrument: Instrument | undefined;
}

export interface ExchangeInfo {
  readonly serverTs: number;
  /** Request weight per minute and address; absent where the answer names none. */
  readonly weightPerMinute: number | undefined;
  readonly symbols: readonly ListedSymbol[];
}

/** `GET /fapi/v1/exchangeInfo`: everything that is listed, with its filters. */
export const exchangeInfo = defineEndpoint<void, ExchangeInfo>({
  path: '/fapi/v1/exchangeInfo',
  query: () => ({}),
  weight: () => 1,
  parse: parseExchangeInfo,
});

function parseExchangeInfo(json: unknown): ExchangeInfo | WireFault {
  if (!isLoose(json)) return badField('exchangeInfo', 'answer', undefined);
  const { serverTime, rateLimits } = json;
  if (!isWhole(serverTime)) return badField('exchangeInfo', 'serverTime', serverTime);
  const symbols = parseRows('exchangeInfo', json['symbols'], parseSymbol);
  if (isFault(symbols)) return symbols;
  return { serverTs: serverTime, weightPerMinute: weightLimit(rateLimits), symbols };
}

function weightLimit(rateLimits: unknown): number | undefined {
  if (!Array.isArray(rateLimits)) return undefined;
  const row = rateLimits.find(
    (one) => isLoose(one) && one['rateLimitType'] === 'REQUEST_WEIGHT' && one['interval'] === 'MINUTE',
  );
  const { limit, intervalNum } = (row ?? {}) as Loose;
  return isWhole(limit) && isWhole(intervalNum) && intervalNum > 0 ? limit / intervalNum : undefined;
}

/** Lenient where the venue is: names in any script, contract types to come, filters that are missing. */
function parseSymbol(row: unknown): ListedSymbol | WireFault {
  if (!isLoose(row)) return badField('exchangeInfo', 'symbol row', row);
  const { symbol, status, contractType, underlyingType, baseAsset, quoteAsset, marginAsset, onboardDate } = row;
  for (const [field, value] of Object.entries({ symbol, status, baseAsset, quoteAsset })) {
    if (typeof value !== 'string') return badField('exchangeInfo', field, value);
  }
  return {
    symbol: String(symbol),
    status: String(status),
    contractType: typeof contractType === 'string' ? contractType : '',
    underlyingType: typeof underlyingType === 'string' ? underlyingType : undefined,
    baseAsset: String(baseAsset),
    quoteAsset: String(quoteAsset),
    marginAsset: typeof marginAsset === 'string' ? marginAsset : String(quoteAsset),
    onboardTs: isWhole(onboardDate) ? onboardDate : undefined,
    instrument: instrumentOf(String(symbol), row['filters']),
  };
}

function instrumentOf(symbol: string, filters: unknown): Instrument | undefined {
  if (!Array.isArray(filters)) return undefined;
  const filter = (type: string): Loose =>
    filters.find((one): one is Loose => isLoose(one) && one['filterType'] === type) ?? {};
  const tick = filter('PRICE_FILTER')['tickSize'];
  const step = filter('LOT_SIZE')['stepSize'];
  const notional = filter('MIN_NOTIONAL')['notional'] ?? '5';
  if (!isPositiveDecimal(tick) || !isPositiveDecimal(step) || !isPositiveDecimal(notional)) return undefined;
  return { symbol, tick_size: tick, step_size: step, min_notional: notional };
}
