import { isLoose, isUnsignedDecimal, isWhole } from '../../wire/field-checks.ts';
import { badField, type WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, parseRows } from '../endpoint.ts';

/** A symbol's last 24 hours. Decimal strings; volumes in base and quote currency. */
export interface Ticker24hr {
  readonly symbol: string;
  readonly lastPrice: string;
  readonly highPrice: string;
  readonly lowPrice: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly trades: number;
  readonly closeTs: number;
}

/** `GET /fapi/v1/ticker/24hr`: of one symbol, or of all (COIN-M rows and halted symbols included). */
export const ticker24hr = defineEndpoint<{ readonly symbol?: string }, readonly Ticker24hr[]>({
  path: '/fapi/v1/ticker/24hr',
  query: ({ symbol }) => ({ symbol }),
  weight: ({ symbol }) => (symbol === undefined ? 40 : 1),
  parse: (json, { symbol }) => parseRows('ticker/24hr', symbol === undefined ? json : [json], parseTicker),
});

/** Symbols may be written in any script, so that a name we would never trade does not spoil the whole answer. */
function parseTicker(row: unknown): Ticker24hr | WireFault {
  if (!isLoose(row)) return badField('ticker/24hr', 'row', row);
  const { symbol, lastPrice, highPrice, lowPrice, volume, quoteVolume, count, closeTime } = row;
  if (typeof symbol !== 'string') return badField('ticker/24hr', 'symbol', symbol);
  if (!isUnsignedDecimal(lastPrice)) return badField('ticker/24hr', 'lastPrice', lastPrice);
  if (!isUnsignedDecimal(highPrice)) return badField('ticker/24hr', 'highPrice', highPrice);
  if (!isUnsignedDecimal(lowPrice)) return badField('ticker/24hr', 'lowPrice', lowPrice);
  if (!isUnsignedDecimal(volume)) return badField('ticker/24hr', 'volume', volume);
  if (!isUnsignedDecimal(quoteVolume)) return badField('ticker/24hr', 'quoteVolume', quoteVolume);
  if (!isWhole(count)) return badField('ticker/24hr', 'count', count);
  if (!isWhole(closeTime)) return badField('ticker/24hr', 'closeTime', closeTime);
  return { symbol, lastPrice, highPrice, lowPrice, volume, quoteVolume, trades: count, closeTs: closeTime };
}
