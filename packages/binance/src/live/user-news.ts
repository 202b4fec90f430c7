import type { VenueNews } from '@helios/core/live/venue-port.ts';
import { MARGIN_ASSET } from '@helios/shared/domain/units.ts';
import type { AccountConfigUpdate } from '../user-stream/account-config-update.ts';
import type { AccountUpdate } from '../user-stream/account-update.ts';
import type { AlgoUpdate } from '../user-stream/algo-update.ts';
import type { OrderUpdate } from '../user-stream/order-update.ts';
import type { UserEvent } from '../user-stream/parse-user-event.ts';
import type { FeeConverter } from './fee-converter.ts';
import { fillNews, senderOf } from './fill-news.ts';
import { type KnownStops, venueStopOf } from './known-stops.ts';
import { fillOf, stateEvent, venueOrderOf } from './order-news.ts';
import type { ToldTrades } from './told-trades.ts';

/** What is needed to understand user events. */
export interface UserNewsContext {
  readonly fees: FeeConverter;
  readonly stops: KnownStops;
  readonly told: ToldTrades;
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
    case 'ACCOUNT_CONFIG_UPDATE':
      return configNews(event);
    case 'MARGIN_CALL':
      return [{ kind: 'MARGIN_CALL', symbols: event.symbols }];
    default:
      return [];
  }
}

function orderNews(update: OrderUpdate, { fees, stops, told }: UserNewsContext): readonly VenueNews[] {
  const { symbol, clientOrderId, side: action, algoId, tsEvent } = update;
  const sender = senderOf(clientOrderId).kind;
  const isOfStop = algoId !== undefined || stops.has(clientOrderId);
  const news: VenueNews[] = [];
  if (sender === 'OTHERS')
    news.push({ kind: 'FOREIGN_ORDER', order: venueOrderOf(update, tsEvent), isOpen: isOpen(update) });
  if (update.trade !== undefined) {
    const fill = fillOf(clientOrderId, { ...update.trade, symbol, tsEvent }, fees);
    const isNew = told.add(symbol, fill.trade_id);
    if (isNew || sender === 'US') news.push(fillNews({ symbol, action, fill, isOfStop }));
  } else if (sender === 'US' && !isOfStop) {
    const event = stateEvent(update, tsEvent);
    if (event !== undefined) news.push({ kind: 'ORDER', symbol, event });
  }
  return news;
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
  return [...settingsNews(positions), ...changed, ...wallets];
}

/** The margin modes that the positions show. */
function settingsNews(positions: AccountUpdate['positions']): readonly VenueNews[] {
  const rows = positions.flatMap(({ symbol, marginMode }) =>
    marginMode === undefined ? [] : [{ symbol, marginMode }],
  );
  return rows.length === 0 ? [] : [{ kind: 'SYMBOL_SETTINGS', rows }];
}

function configNews({ leverage, isMultiAssets }: AccountConfigUpdate): readonly VenueNews[] {
  return [
    ...(leverage === undefined ? [] : [{ kind: 'SYMBOL_SETTINGS' as const, rows: [leverage] }]),
    ...(isMultiAssets === undefined ? [] : [{ kind: 'ACCOUNT_MODES' as const, isMultiAssets }]),
  ];
}
