import { isLoose, isUnsignedDecimal } from '../../wire/field-checks.ts';
import { badField, type WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, parseRows } from '../endpoint.ts';

/** Best bid and ask of one symbol; 0 where a side is empty. */
export interface RestBookTicker {
  readonly symbol: string;
  readonly bidPrice: string;
  readonly bidQty: string;
  readonly askPrice: string;
  readonly askQty: string;
}

/** `GET /fapi/v1/ticker/bookTicker`: of one symbol, or of all. */
export const bookTicker = defineEndpoint<{ readonly symbol?: string }, readonly RestBookTicker[]>({
  path: '/fapi/v1/ticker/bookTicker',
  query: ({ symbol }) => ({ symbol }),
  weight: ({ symbol }) => (symbol === undefined ? 5 : 2),
  parse: (json, { symbol }) => parseRows('bookTicker', symbol === undefined ? json : [json], parseRow),
});

function parseRow(row: unknown): RestBookTicker | WireFault {
  if (!isLoose(row)) return badField('bookTicker', 'row', row);
  const { symbol, bidPrice, bidQty, askPrice, askQty } = row;
  if (typeof symbol !== 'string') return badField('bookTicker', 'symbol', symbol);
  if (!isUnsignedDecimal(bidPrice)) return badField('bookTicker', 'bidPrice', bidPrice);
  if (!isUnsignedDecimal(bidQty)) return badField('bookTicker', 'bidQty', bidQty);
  if (!isUnsignedDecimal(askPrice)) return badField('bookTicker', 'askPrice', askPrice);
  if (!isUnsignedDecimal(askQty)) return badField('bookTicker', 'askQty', askQty);
  return { symbol, bidPrice, bidQty, askPrice, askQty };
}
