import type { Listing } from '@helios/core/selection/market-survey.ts';
import { isLoose, isWhole, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';
import { parseInstrument } from './instrument-filters.ts';
import { type ParsedRows, parseRows } from './parse-rows.ts';

const NAME = 'exchangeInfo';

/**
 * Answer of `GET /fapi/v1/exchangeInfo`: every listed symbol, tradable or not, with its steps. The watchlist decides elsewhere
 * which symbols to watch. Parses the schema of 2021 and the present one, and ignores newer fields.
 * Source: developers.binance.com, USDⓈ-M, Exchange Information.
 */
export function parseExchangeInfo(document: unknown): ParsedRows<Listing> | WireFault {
  if (!isLoose(document)) return badField(NAME, 'document', document);
  return parseRows(NAME, document['symbols'], parseListing);
}

/** Requires text in these fields. Names may be in any script, and words may be unknown, or empty for a symbol before its start. */
function parseListing(row: Loose): Listing | WireFault {
  const { symbol, baseAsset, quoteAsset, marginAsset, contractType, status, underlyingType } = row;
  const { onboardDate, deliveryDate, st } = row;
  if (typeof symbol !== 'string' || symbol === '') return badField(NAME, 'symbol', symbol);
  if (typeof baseAsset !== 'string') return badField(NAME, `baseAsset of ${symbol}`, baseAsset);
  if (typeof quoteAsset !== 'string') return badField(NAME, `quoteAsset of ${symbol}`, quoteAsset);
  if (typeof marginAsset !== 'string') return badField(NAME, `marginAsset of ${symbol}`, marginAsset);
  if (typeof contractType !== 'string') return badField(NAME, `contractType of ${symbol}`, contractType);
  if (typeof status !== 'string') return badField(NAME, `status of ${symbol}`, status);
  if (typeof underlyingType !== 'string') return badField(NAME, `underlyingType of ${symbol}`, underlyingType);
  if (!isWhole(onboardDate)) return badField(NAME, `onboardDate of ${symbol}`, onboardDate);
  if (!isWhole(deliveryDate)) return badField(NAME, `deliveryDate of ${symbol}`, deliveryDate);
  if (st !== undefined && !isWhole(st)) return badField(NAME, `st of ${symbol}`, st);
  const instrument = parseInstrument(symbol, row['filters']);
  if ('kind' in instrument) return instrument;
  return {
    symbol,
    baseAsset,
    quoteAsset,
    marginAsset,
    contractType,
    status,
    underlyingType,
    onboardTs: onboardDate,
    deliveryTs: deliveryDate,
    marginKind: st,
    instrument,
  };
}
