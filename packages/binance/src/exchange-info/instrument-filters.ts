import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { isLoose, isPositiveDecimal, isUnsignedDecimal, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';

const NAME = 'exchangeInfo';

/**
 * Steps of one listed symbol from its filters. A quantity has to suit LOT_SIZE and MARKET_LOT_SIZE: the coarser step
 * counts. The smallest order value is called `notional`, in older answers `minNotional`.
 */
export function parseInstrument(symbol: string, filters: unknown): Instrument | WireFault {
  if (!Array.isArray(filters)) return badField(NAME, `filters of ${symbol}`, filters);
  const tick = fieldOf(filters, 'PRICE_FILTER', 'tickSize');
  const lot = fieldOf(filters, 'LOT_SIZE', 'stepSize');
  const marketLot = fieldOf(filters, 'MARKET_LOT_SIZE', 'stepSize') ?? lot;
  const notional = fieldOf(filters, 'MIN_NOTIONAL', 'notional') ?? fieldOf(filters, 'MIN_NOTIONAL', 'minNotional');
  if (!isPositiveDecimal(tick)) return badField(NAME, `tickSize of ${symbol}`, tick);
  if (!isPositiveDecimal(lot)) return badField(NAME, `LOT_SIZE of ${symbol}`, lot);
  if (!isUnsignedDecimal(marketLot)) return badField(NAME, `MARKET_LOT_SIZE of ${symbol}`, marketLot);
  if (!isUnsignedDecimal(notional)) return badField(NAME, `MIN_NOTIONAL of ${symbol}`, notional);
  const step = Number(marketLot) > Number(lot) ? marketLot : lot;
  return { symbol, tick_size: shortest(tick), step_size: shortest(step), min_notional: shortest(notional) };
}

function fieldOf(filters: readonly unknown[], type: string, field: string): unknown {
  return filters.find((filter): filter is Loose => isLoose(filter) && filter['filterType'] === type)?.[field];
}

/** `0.0000100` → `0.00001`: zeros at the end would be taken for decimals that prices have. */
function shortest(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
