import { isLoose, isPositiveDecimal, isWhole } from '../../wire/field-checks.ts';
import { badField, type WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, parseRows } from '../endpoint.ts';
import type { RestTrade } from './trades.ts';

export interface AggTradesParams {
  readonly symbol: string;
  /** First aggregate id wanted; without it the newest. */
  readonly fromId?: number;
  /** 1 to 1000. */
  readonly limit: number;
}

/** `GET /fapi/v1/aggTrades`: matches of one taker order at one price as one; `tradeId` is the aggregate's. Last 48 hours only. */
export const aggTrades = defineEndpoint<AggTradesParams, readonly RestTrade[]>({
  path: '/fapi/v1/aggTrades',
  query: ({ symbol, fromId, limit }) => ({ symbol, fromId, limit }),
  weight: () => 20,
  parse: (json) => parseRows('aggTrades', json, parseAggTrade),
});

function parseAggTrade(row: unknown): RestTrade | WireFault {
  if (!isLoose(row)) return badField('aggTrades', 'row', row);
  const { a, T, p, q, m } = row;
  if (!isWhole(a)) return badField('aggTrades', 'a', a);
  if (!isWhole(T)) return badField('aggTrades', 'T', T);
  if (!isPositiveDecimal(p)) return badField('aggTrades', 'p', p);
  if (!isPositiveDecimal(q)) return badField('aggTrades', 'q', q);
  if (typeof m !== 'boolean') return badField('aggTrades', 'm', m);
  return { tradeId: a, tsEvent: T, price: p, qty: q, buyerIsMaker: m };
}
