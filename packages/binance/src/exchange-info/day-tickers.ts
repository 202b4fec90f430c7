import type { DayTicker } from '@helios/core/selection/market-survey.ts';
import { isUnsignedDecimal, isWhole, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';
import { isForeign, type ParsedRows, parseRows } from './parse-rows.ts';

const NAME = 'ticker/24hr';

/**
 * Answer of `GET /fapi/v1/ticker/24hr` without a symbol. A symbol that never traded has zeros.
 * COIN-M rows are ignored.
 * Source: developers.binance.com, USDⓈ-M, 24hr Ticker Price Change Statistics.
 */
export function parseDayTickers(document: unknown): ParsedRows<DayTicker> | WireFault {
  return parseRows(NAME, document, parseDayTicker, isForeign);
}

function parseDayTicker(row: Loose): DayTicker | WireFault {
  const { symbol, lastPrice, highPrice, lowPrice, quoteVolume, closeTime } = row;
  if (typeof symbol !== 'string' || symbol === '') return badField(NAME, 'symbol', symbol);
  if (!isUnsignedDecimal(lastPrice)) return badField(NAME, 'lastPrice', lastPrice);
  if (!isUnsignedDecimal(highPrice)) return badField(NAME, 'highPrice', highPrice);
  if (!isUnsignedDecimal(lowPrice)) return badField(NAME, 'lowPrice', lowPrice);
  if (!isUnsignedDecimal(quoteVolume)) return badField(NAME, 'quoteVolume', quoteVolume);
  if (!isWhole(closeTime)) return badField(NAME, 'closeTime', closeTime);
  return {
    symbol,
    last: Number(lastPrice),
    high: Number(highPrice),
    low: Number(lowPrice),
    quoteVolume: Number(quoteVolume),
    closeTs: closeTime,
  };
}
