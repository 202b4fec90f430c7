import { withoutEndZeros } from '@helios/core/price/decimal-text.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { isLoose, isPositiveDecimal, isUnsignedDecimal, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';

const NAME = 'exchangeInfo';

/**
 * Steps and limits of one listed symbol from its filters. Keeps only the parts of MARKET_LOT_SIZE that differ from LOT_SIZE. An
 * absent limit or 0 means no limit. The minimum order value is `notional`, in older answers `minNotional`.
 */
export function parseInstrument(symbol: string, filters: unknown): Instrument | WireFault {
  if (!Array.isArray(filters)) return badField(NAME, `filters of ${symbol}`, filters);
  const tick = fieldOf(filters, 'PRICE_FILTER', 'tickSize');
  const step = fieldOf(filters, 'LOT_SIZE', 'stepSize');
  const notional = fieldOf(filters, 'MIN_NOTIONAL', 'notional') ?? fieldOf(filters, 'MIN_NOTIONAL', 'minNotional');
  if (!isPositiveDecimal(tick)) return badField(NAME, `tickSize of ${symbol}`, tick);
  if (!isPositiveDecimal(step)) return badField(NAME, `LOT_SIZE of ${symbol}`, step);
  if (!isUnsignedDecimal(notional)) return badField(NAME, `MIN_NOTIONAL of ${symbol}`, notional);
  const lot = quantityLimits(filters, 'LOT_SIZE');
  const market = quantityLimits(filters, 'MARKET_LOT_SIZE');
  const fault = lot.fault ?? market.fault;
  if (fault) return badField(NAME, `${fault.field} of ${symbol}`, fault.value);
  const { stepSize: _, ...limits } = lot.limits;
  const differing = Object.entries(market.limits).filter(([field, value]) => value !== lot.limits[field as LimitField]);
  return {
    symbol,
    tick_size: withoutEndZeros(tick),
    step_size: withoutEndZeros(step),
    ...named(Object.entries(limits), LOT_NAMES),
    ...named(differing, MARKET_NAMES),
    min_notional: withoutEndZeros(notional),
  };
}

type LimitField = 'stepSize' | 'minQty' | 'maxQty';
const LOT_NAMES = { stepSize: 'step_size', minQty: 'min_qty', maxQty: 'max_qty' } as const;
const MARKET_NAMES = { stepSize: 'market_step_size', minQty: 'market_min_qty', maxQty: 'market_max_qty' } as const;

interface QuantityLimits {
  readonly limits: { readonly [F in LimitField]?: string };
  readonly fault?: { readonly field: string; readonly value: unknown };
}

/** The limits of a filter, without trailing zeros. */
function quantityLimits(filters: readonly unknown[], type: string): QuantityLimits {
  const limits: { [F in LimitField]?: string } = {};
  for (const field of ['stepSize', 'minQty', 'maxQty'] as const) {
    const value = fieldOf(filters, type, field);
    if (value === undefined) continue;
    if (!isUnsignedDecimal(value)) return { limits, fault: { field: `${type} ${field}`, value } };
    if (isPositiveDecimal(value)) limits[field] = withoutEndZeros(value);
  }
  return { limits };
}

function named(
  limits: readonly (readonly [string, string | undefined])[],
  names: Readonly<Record<LimitField, string>>,
): Partial<Instrument> {
  return Object.fromEntries(limits.map(([field, value]) => [names[field as LimitField], value]));
}

function fieldOf(filters: readonly unknown[], type: string, field: string): unknown {
  return filters.find((filter): filter is Loose => isLoose(filter) && filter['filterType'] === type)?.[field];
}
