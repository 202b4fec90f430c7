import { isLoose, isPositiveDecimal, isSignedDecimal, isUnsignedDecimal, isWhole } from '../../wire/field-checks.ts';
import { badField, type WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, isFault, parseEveryRow } from '../endpoint.ts';

/** Mark and index price of one symbol with its funding. */
export interface PremiumIndex {
  readonly symbol: string;
  readonly tsEvent: number;
  /** Undefined for delisted rows, which have 0. */
  readonly markPrice: string | undefined;
  readonly indexPrice: string | undefined;
  /** Fraction of notional; longs pay if it is positive. Undefined for delivery contracts. */
  readonly fundingRate: string | undefined;
  readonly nextFundingTs: number | undefined;
}

/** `GET /fapi/v1/premiumIndex` of one symbol, or of all (including COIN-M and delisted rows). For all symbols, drops only the unreadable rows. */
export const premiumIndex = defineEndpoint<{ readonly symbol?: string }, readonly PremiumIndex[]>({
  path: '/fapi/v1/premiumIndex',
  query: ({ symbol }) => ({ symbol }),
  weight: ({ symbol }) => (symbol === undefined ? 10 : 1),
  parse(json, { symbol }): readonly PremiumIndex[] | WireFault {
    if (symbol !== undefined) return parseEveryRow('premiumIndex', [json], parseRow);
    if (!Array.isArray(json)) return badField('premiumIndex', 'answer', json);
    return json.map(parseRow).flatMap((row) => (isFault(row) ? [] : [row]));
  },
});

function parseRow(row: unknown): PremiumIndex | WireFault {
  if (!isLoose(row)) return badField('premiumIndex', 'row', row);
  const { symbol, time, markPrice, indexPrice, nextFundingTime } = row;
  const rate = row['lastFundingRate'] === '' ? undefined : row['lastFundingRate'];
  if (typeof symbol !== 'string') return badField('premiumIndex', 'symbol', symbol);
  if (!isWhole(time)) return badField('premiumIndex', 'time', time);
  if (!isUnsignedDecimal(markPrice)) return badField('premiumIndex', 'markPrice', markPrice);
  if (indexPrice !== undefined && !isUnsignedDecimal(indexPrice)) {
    return badField('premiumIndex', 'indexPrice', indexPrice);
  }
  if (rate !== undefined && !isSignedDecimal(rate)) return badField('premiumIndex', 'lastFundingRate', rate);
  if (nextFundingTime !== undefined && !isWhole(nextFundingTime)) {
    return badField('premiumIndex', 'nextFundingTime', nextFundingTime);
  }
  return {
    symbol,
    tsEvent: time,
    markPrice: isPositiveDecimal(markPrice) ? markPrice : undefined,
    indexPrice: isPositiveDecimal(indexPrice) ? indexPrice : undefined,
    fundingRate: rate,
    nextFundingTs: nextFundingTime === 0 ? undefined : nextFundingTime,
  };
}
