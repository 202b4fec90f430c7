import { isLoose, isPositiveDecimal, isWhole } from '../../wire/field-checks.ts';
import { badField, type WireFault } from '../../wire/wire-fault.ts';
import { defineEndpoint, parseEveryRow } from '../endpoint.ts';

/** One trade; ids are whole numbers and rise by one per symbol. */
export interface RestTrade {
  readonly tradeId: number;
  readonly tsEvent: number;
  readonly price: string;
  readonly qty: string;
  /** True if the seller was the taker. */
  readonly buyerIsMaker: boolean;
}

export interface TradesParams {
  readonly symbol: string;
  /** 1 to 1000; the weight does not depend on it. */
  readonly limit: number;
}

/** `GET /fapi/v1/trades`: the newest trades, oldest first. */
export const trades = defineEndpoint<TradesParams, readonly RestTrade[]>({
  path: '/fapi/v1/trades',
  query: ({ symbol, limit }) => ({ symbol, limit }),
  weight: () => 5,
  parse: (json) => parseEveryRow('trades', json, parseTrade),
});

function parseTrade(row: unknown): RestTrade | WireFault {
  if (!isLoose(row)) return badField('trades', 'row', row);
  const { id, time, price, qty, isBuyerMaker } = row;
  if (!isWhole(id)) return badField('trades', 'id', id);
  if (!isWhole(time)) return badField('trades', 'time', time);
  if (!isPositiveDecimal(price)) return badField('trades', 'price', price);
  if (!isPositiveDecimal(qty)) return badField('trades', 'qty', qty);
  if (typeof isBuyerMaker !== 'boolean') return badField('trades', 'isBuyerMaker', isBuyerMaker);
  return { tradeId: id, tsEvent: time, price, qty, buyerIsMaker: isBuyerMaker };
}
