import { tradesOfOrder, type UserTrade } from '../orders/user-trades.ts';
import type { VenueRequests } from './venue-requests.ts';

/** An order that filled, at least in part. */
export interface TradedOrder {
  readonly symbol: string;
  readonly venueOrderId: string;
  readonly filledQuantity: string;
}

export type ReadTrades =
  /** `missing` says how much is not listed yet; undefined if nothing is. */
  | { readonly kind: 'READ'; readonly trades: readonly UserTrade[]; readonly missing: string | undefined }
  | { readonly kind: 'FAILED'; readonly detail: string };

/** Sums of quantities may differ by what doubles lose. */
const TOLERANCE = 1e-9;

/** Reads the trades of an order. */
export async function readTrades(requests: VenueRequests, order: TradedOrder): Promise<ReadTrades> {
  const { symbol, venueOrderId, filledQuantity } = order;
  const answer = await requests.send(tradesOfOrder, { symbol, venueOrderId });
  if (answer.kind === 'FAILURE') return { kind: 'FAILED', detail: answer.detail };
  const trades = answer.value.filter((trade) => trade.venueOrderId === venueOrderId);
  const found = trades.reduce((sum, { quantity }) => sum + Number(quantity), 0);
  const isComplete = found >= Number(filledQuantity) * (1 - TOLERANCE);
  const missing = isComplete ? undefined : `only ${found} of ${filledQuantity} filled is listed as trades so far`;
  return { kind: 'READ', trades, missing };
}
