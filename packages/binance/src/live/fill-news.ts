import type { VenueNews } from '@helios/core/live/venue-port.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';

type ForcedCause = Extract<VenueNews, { kind: 'FORCED_FILL' }>['cause'];

/** Prefix of all our client ids. */
const OURS = 'he-';
/** Beginnings of client order ids with which the venue trades for an account. Source: developers.binance.com, USDⓈ-M, Event Order Update. */
const FORCED: readonly (readonly [prefix: string, cause: ForcedCause])[] = [
  ['autoclose-', 'LIQUIDATION'],
  ['adl_autoclose', 'ADL'],
  ['settlement_autoclose-', 'SETTLEMENT'],
  ['delivery_autoclose-', 'DELIVERY'],
];

/** Who sent an order, by its client id. VENUE: the venue itself. */
export type OrderSender = { readonly kind: 'US' | 'OTHERS' } | { readonly kind: 'VENUE'; readonly cause: ForcedCause };

export function senderOf(clientOrderId: string): OrderSender {
  const cause = FORCED.find(([prefix]) => clientOrderId.startsWith(prefix))?.[1];
  if (cause !== undefined) return { kind: 'VENUE', cause };
  return { kind: clientOrderId.startsWith(OURS) ? 'US' : 'OTHERS' };
}

/** A fill with the order that it belongs to. */
export interface KnownFill {
  readonly symbol: string;
  readonly action: 'BUY' | 'SELL';
  readonly fill: Fill;
  /** True if the order was a stop that triggered. */
  readonly isOfStop: boolean;
}

/** The news of a fill, by who sent its order. */
export function fillNews({ symbol, action, fill, isOfStop }: KnownFill): VenueNews {
  const { client_order_id: id } = fill;
  const sender = senderOf(id);
  if (sender.kind === 'VENUE') return { kind: 'FORCED_FILL', cause: sender.cause, symbol, action, fill };
  if (sender.kind === 'OTHERS') return { kind: 'FOREIGN_FILL', symbol, action, fill };
  if (isOfStop) return { kind: 'STOP_FILL', clientAlgoId: id, symbol, fill };
  return { kind: 'ORDER', symbol, event: fill };
}
