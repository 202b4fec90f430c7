import type { BookTop } from '@helios/core/selection/market-survey.ts';
import { isUnsignedDecimal, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';
import { isForeign, type ParsedRows, parseRows } from './parse-rows.ts';

const NAME = 'ticker/bookTicker';

/**
 * Answer of `GET /fapi/v1/ticker/bookTicker` without a symbol. An empty side has zeros and stays zero.
 * COIN-M rows are ignored.
 * Source: developers.binance.com, USDⓈ-M, Symbol Order Book Ticker.
 */
export function parseBookTops(document: unknown): ParsedRows<BookTop> | WireFault {
  return parseRows(NAME, document, parseBookTop, isForeign);
}

function parseBookTop(row: Loose): BookTop | WireFault {
  const { symbol, bidPrice, bidQty, askPrice, askQty } = row;
  if (typeof symbol !== 'string' || symbol === '') return badField(NAME, 'symbol', symbol);
  if (!isUnsignedDecimal(bidPrice)) return badField(NAME, 'bidPrice', bidPrice);
  if (!isUnsignedDecimal(bidQty)) return badField(NAME, 'bidQty', bidQty);
  if (!isUnsignedDecimal(askPrice)) return badField(NAME, 'askPrice', askPrice);
  if (!isUnsignedDecimal(askQty)) return badField(NAME, 'askQty', askQty);
  return { symbol, bid: Number(bidPrice), bidQty: Number(bidQty), ask: Number(askPrice), askQty: Number(askQty) };
}
