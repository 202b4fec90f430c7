import type { VenueNews } from '@helios/core/live/venue-port.ts';
import type { AccountUpdate } from '../user-stream/account-update.ts';
import type { AlgoUpdate } from '../user-stream/algo-update.ts';
import type { OrderUpdate } from '../user-stream/order-update.ts';
import type { UserEvent } from '../user-stream/parse-user-event.ts';
import type { FeeConverter } from './fee-converter.ts';
import { type KnownStops, venueStopOf } from './known-stops.ts';
import { fillOf, stateEvent, venueOrderOf } from './order-news.ts';

type ForcedCause = Extract<VenueNews, { kind: 'FORCED_FILL' }>['cause'];

/** Prefix of all our client ids. */
const OURS = 'he-';
/** The asset whose wallet balance is reported. */
const MARGIN_ASSET = 'USDT';
/** Beginnings of client order ids with which the venue trades for an account. Source: developers.binance.com, USDⓈ-M, Event Order Update. */
const FORCED: readonly (readonly [prefix: string, cause: ForcedCause])[] = [
  ['autoclose-', 'LIQUIDATION'],
  ['adl_autoclose', 'ADL'],
  ['settlement_autoclose-', 'SETTLEMENT'],
  ['delivery_autoclose-', 'DELIVERY'],
];

/** What is needed to understand user events. */
export interface UserNewsContext {
  readonly fees: FeeConverter;
  readonly stops: KnownStops;
}

/** Turns a user event into news. One event may come twice, and events of different types come in any order. */
export function newsOfUserEvent(event: UserEvent, context: UserNewsContext): readonly VenueNews[] {
  switch (event.kind) {
    case 'ORDER_UPDATE':
      return orderNews(event, context);
    case 'ALGO_UPDATE':
      return [stopNews(event, context.stops)];
    case 'ACCOUNT_UPDATE':
      return accountNews(event, context.fees);
    default:
      return [];
  }
}

/** Why the venue trades under this client order id; undefined if somebody else chose it. */
function forcedCauseOf(clientOrderId: string): ForcedCause | undefined {
  return FORCED.find(([prefix]) => clientOrderId.startsWith(prefix))?.[1];
}

function orderNews(update: OrderUpdate, { fees, stops }: UserNewsContext): readonly VenueNews[] {
  const { symbol, clientOrderId, side: action, algoId, tsEvent } = update;
  const trade = update.trade && { ...update.trade, symbol, tsEvent };
  const fill = trade && fillOf(clientOrderId, trade, fees);
  const cause = forcedCauseOf(clientOrderId);
  if (cause !== undefined) return fill ? [{ kind: 'FORCED_FILL', cause, symbol, action, fill }] : [];
  if (!clientOrderId.startsWith(OURS)) {
    const foreign: VenueNews = { kind: 'FOREIGN_ORDER', order: venueOrderOf(update, tsEvent), isOpen: isOpen(update) };
    return fill ? [foreign, { kind: 'FOREIGN_FILL', symbol, action, fill }] : [foreign];
  }
  if (algoId !== undefined || stops.has(clientOrderId)) {
    return fill ? [{ kind: 'STOP_FILL', clientAlgoId: clientOrderId, symbol, fill }] : [];
  }
  const event = fill ?? stateEvent(update, tsEvent);
  return event ? [{ kind: 'ORDER', symbol, event }] : [];
}

function isOpen({ state }: OrderUpdate): boolean {
  return state === 'NEW' || state === 'PARTIALLY_FILLED';
}

function stopNews(update: AlgoUpdate, stops: KnownStops): VenueNews {
  const stop = stops.merge(venueStopOf(update, update.tsEvent));
  const { rejectReason: message } = update;
  return { kind: 'STOP', stop, ...(message === undefined ? {} : { code: 'REJECTED', message }) };
}

/** Positions of hedge mode are left out: Helios refuses to trade in it. */
function accountNews({ balances, positions, tsEvent }: AccountUpdate, fees: FeeConverter): readonly VenueNews[] {
  for (const { asset } of balances) fees.onAsset(asset);
  const wallets = balances
    .filter(({ asset }) => asset === MARGIN_ASSET)
    .map(({ walletBalance }) => ({ kind: 'WALLET', walletBalance: Number(walletBalance), tsEvent }) as const);
  const changed = positions
    .filter(({ positionSide }) => positionSide === 'BOTH')
    .map(({ symbol, amount, entryPrice }) => ({
      kind: 'POSITION' as const,
      ...{ symbol, signedQuantity: Number(amount), tsEvent },
      entryPrice: Number(entryPrice) > 0 ? Number(entryPrice) : undefined,
    }));
  return [...changed, ...wallets];
}
