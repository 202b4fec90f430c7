import type { VenueNews } from '@helios/core/live/venue-port.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { orderOfTrade } from '../orders/order-endpoints.ts';
import { tradesSince, type UserTrade } from '../orders/user-trades.ts';
import { fillNews } from './fill-news.ts';
import { fillOf } from './order-news.ts';
import type { UserNewsContext } from './user-news.ts';
import type { VenueRequests } from './venue-requests.ts';

/** What the trades of a gap are read with. */
export interface GapReader extends UserNewsContext {
  readonly requests: VenueRequests;
  readonly log: Logger;
  readonly onNews: (news: VenueNews) => void;
}

/** When the user stream opened first and last, our clock, epoch ms. */
export interface StreamOpenings {
  readonly firstTs: number;
  readonly lastTs: number;
}

/** The venue lists the trades of a week at once. */
const MAX_GAP_MS = 6 * 86_400_000;
/** A closed user stream may have been silent for this long before it was noticed. */
const UNNOTICED_MS = 60_000;

/** Since when events may be missing as the stream opens again, our clock; `heardTs`: the last event. */
export function gapStartTs({ firstTs, lastTs }: StreamOpenings, heardTs: number | undefined, nowMs: number): number {
  const lastSignTs = Math.max(lastTs, heardTs ?? 0);
  // What is older than the first opening is in the first snapshot already.
  return Math.max(firstTs, lastSignTs - UNNOTICED_MS, nowMs - MAX_GAP_MS);
}

/**
 * Reads the trades since `startTs` (epoch ms, the venue's clock) that no event reported, and reports them: a liquidation while the user
 * stream was closed has a price that nobody may guess. What cannot be read is logged; the reconciliation still finds the difference.
 */
export async function readGapTrades(reader: GapReader, symbols: Iterable<string>, startTs: number): Promise<void> {
  await Promise.all([...symbols].map((symbol) => readGapOf(reader, symbol, startTs)));
}

async function readGapOf(reader: GapReader, symbol: string, startTs: number): Promise<void> {
  const { requests, told, log } = reader;
  const answer = await requests.send(tradesSince, { symbol, startTs });
  if (answer.kind === 'FAILURE') return log.warn({ symbol, detail: answer.detail }, 'trades of the gap not read');
  const missed = answer.value.filter(({ tradeId }) => !told.has(symbol, tradeId));
  const byOrder = Map.groupBy(missed, ({ venueOrderId }) => venueOrderId);
  for (const [venueOrderId, trades] of byOrder) await tellTrades(reader, { symbol, venueOrderId }, trades);
}

async function tellTrades(
  { requests, fees, stops, told, log, onNews }: GapReader,
  order: { readonly symbol: string; readonly venueOrderId: string },
  trades: readonly UserTrade[],
): Promise<void> {
  const answer = await requests.send(orderOfTrade, order);
  if (answer.kind === 'FAILURE') return log.warn({ ...order, detail: answer.detail }, 'order of the gap not read');
  const { symbol, clientOrderId, side: action } = answer.value;
  for (const trade of trades) {
    const fill = fillOf(clientOrderId, trade, fees);
    if (told.add(symbol, fill.trade_id)) onNews(fillNews({ symbol, action, fill, isOfStop: stops.has(clientOrderId) }));
  }
}
