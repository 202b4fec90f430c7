import type { VenueCommand, VenueNews, VenueTrade } from '@helios/core/live/venue-port.ts';
import { addQuantity } from '@helios/core/price/significant-digits.ts';
import { orderOfTrade } from '../orders/order-endpoints.ts';
import { MAX_USER_TRADES, tradesBetween, type UserTrade } from '../orders/user-trades.ts';
import { positionRisk } from '../rest/endpoints/position-risk.ts';
import type { RestFailure } from '../rest/rest-answer.ts';
import type { FeeConverter } from './fee-converter.ts';
import { senderOf } from './fill-news.ts';
import { fillOf } from './order-news.ts';
import { isNotFound } from './order-requests.ts';
import type { ToldTrades } from './told-trades.ts';
import type { VenueRequests } from './venue-requests.ts';

/** The venue lists the trades of seven days at once. */
const WEEK_MS = 7 * 86_400_000 - 1;
const MAX_WEEKS = 4;
/** The venue may list a trade late, and not find its order at first (error -2013); not for longer than this. */
const LISTED_WITHIN_MS = 60_000;
/** A position that more orders made is not traced back: each costs a request. */
const MAX_ORDERS = 100;

interface TradesReader {
  readonly requests: Pick<VenueRequests, 'send'>;
  readonly fees: FeeConverter;
  readonly told: ToldTrades;
  /** The venue's time, epoch ms. */
  readonly now: () => number;
}

type TradesNews = Extract<VenueNews, { kind: 'TRADES' | 'TRADES_FAILED' }>;
type Wanted = Extract<VenueCommand, { kind: 'READ_TRADES' }>;

/** The newest trades, oldest first; `isWhole`: they reach back to a flat account. */
interface Listed {
  readonly kind: 'LISTED';
  readonly trades: readonly UserTrade[];
  readonly isWhole: boolean;
}

/** Reads the trades behind a position. It fails if the position changes meanwhile: then trades and position may not fit together. */
export async function readPositionTrades(reader: TradesReader, { symbol, sinceTs }: Wanted): Promise<TradesNews> {
  const { requests } = reader;
  const failed = (detail: string): TradesNews => ({ kind: 'TRADES_FAILED', symbol, detail });
  const before = await requests.send(positionRisk, { symbol });
  if (before.kind === 'FAILURE') return failed(before.detail);
  const signedQuantity = amountOf(before.value);
  const listed = await listTrades(reader, symbol, signedQuantity, sinceTs);
  if (listed.kind === 'FAILURE') return failed(listed.detail);
  const after = await requests.send(positionRisk, { symbol });
  if (after.kind === 'FAILURE') return failed(after.detail);
  if (amountOf(after.value) !== signedQuantity) return failed('the position changed meanwhile');
  const { trades, isWhole } = listed;
  const newMs = reader.now() - LISTED_WITHIN_MS;
  if (!isWhole && after.value.some(({ tsUpdate }) => tsUpdate > newMs))
    return failed('its last trade is not listed yet');
  const orders = [...new Set(trades.map(({ venueOrderId }) => venueOrderId))];
  if (orders.length > MAX_ORDERS) return { kind: 'TRADES', symbol, signedQuantity, trades: [], isComplete: false };
  const ids = await clientIds(requests, symbol, orders);
  if ('kind' in ids) return failed(ids.detail);
  const unnamed = trades.filter(({ venueOrderId }) => !ids.has(venueOrderId));
  const opens = signedQuantity > 0 ? 'BUY' : 'SELL';
  if (signedQuantity !== 0 && unnamed.some(({ side, tsEvent }) => side === opens && tsEvent > newMs))
    return failed('the venue does not name the order of a new trade yet');
  const named = trades.map((trade) => venueTrade(reader, trade, ids.get(trade.venueOrderId) ?? ''));
  return { kind: 'TRADES', symbol, signedQuantity, trades: named, isComplete: isWhole && unnamed.length === 0 };
}

async function listTrades(
  { requests, now }: TradesReader,
  symbol: string,
  signedQuantity: number,
  sinceTs = Number.POSITIVE_INFINITY,
): Promise<Listed | RestFailure> {
  let trades: readonly UserTrade[] = [];
  let endTs: number | undefined;
  for (let weeks = 0; weeks < MAX_WEEKS; weeks += 1) {
    const window = endTs === undefined ? {} : { startTs: endTs - WEEK_MS, endTs };
    const answer = await requests.send(tradesBetween, { symbol, ...window });
    if (answer.kind === 'FAILURE') return answer;
    const isFull = answer.value.length >= MAX_USER_TRADES;
    // A full list of an older week has the first trades of it: those up to the next list are unknown.
    if (isFull && endTs !== undefined) break;
    trades = [...answer.value, ...trades];
    const first = firstOf(trades, signedQuantity, sinceTs);
    if (first !== undefined) return { kind: 'LISTED', trades: trades.slice(first), isWhole: true };
    if (isFull) break;
    endTs = (endTs ?? now()) - WEEK_MS - 1;
  }
  return { kind: 'LISTED', trades, isWhole: false };
}

/** Index of the first trade after the account was last flat before `sinceTs`; undefined if it was not. */
function firstOf(trades: readonly UserTrade[], signedQuantity: number, sinceTs: number): number | undefined {
  let held = signedQuantity;
  for (let i = trades.length; i >= 0; i -= 1) {
    const before = trades[i - 1];
    if (held === 0 && (before === undefined || before.tsEvent < sinceTs)) return i;
    if (before === undefined) return undefined;
    const quantity = Number(before.quantity);
    held = addQuantity(held, before.side === 'BUY' ? -quantity : quantity);
  }
  return undefined;
}

/** Client ids by the venue's id of the order. */
async function clientIds(
  requests: Pick<VenueRequests, 'send'>,
  symbol: string,
  orders: readonly string[],
): Promise<ReadonlyMap<string, string> | RestFailure> {
  const ids = new Map<string, string>();
  const answers = await Promise.all(
    orders.map((venueOrderId) => requests.send(orderOfTrade, { symbol, venueOrderId })),
  );
  for (const [i, answer] of answers.entries()) {
    if (answer.kind === 'OK') ids.set(orders[i] ?? '', answer.value.clientOrderId);
    // The venue forgets old orders, and lists no order for some of its own trades.
    else if (!isNotFound(answer)) return answer;
  }
  return ids;
}

/** The trade counts as told: the receiver books it, or knows that it is somebody else's. */
function venueTrade({ fees, told }: TradesReader, trade: UserTrade, clientOrderId: string): VenueTrade {
  const fill = fillOf(clientOrderId, trade, fees);
  told.add(trade.symbol, fill.trade_id);
  return { action: trade.side, fill, isForced: senderOf(clientOrderId).kind === 'VENUE' };
}

function amountOf(rows: readonly { readonly amount: string }[]): number {
  return rows.reduce((sum, { amount }) => addQuantity(sum, Number(amount)), 0);
}
