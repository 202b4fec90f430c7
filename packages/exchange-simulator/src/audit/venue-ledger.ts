/** An order as `/control/ledger` shows it; quantities and ids are texts. */
export interface LedgerOrder {
  readonly order_id: string;
  readonly client_order_id: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly reduce_only: boolean;
  readonly quantity: string;
  readonly status: string;
}

/** A conditional order as the ledger shows it. */
export interface LedgerStop {
  readonly client_algo_id: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: string;
  readonly reduce_only: boolean;
  readonly close_position: boolean;
  readonly trigger_price: string;
  readonly status: string;
}

interface LedgerFill {
  readonly trade_id: string;
  readonly quantity: string;
  readonly commission?: string;
  readonly realised?: string;
}

/** One event of the exchange's own history, as far as the auditor reads it. */
export type LedgerEvent = { readonly seq: number; readonly ts: number } & (
  | {
      readonly kind: 'ORDER';
      readonly execution: string;
      readonly order: LedgerOrder;
      readonly fill?: LedgerFill;
    }
  | { readonly kind: 'ALGO'; readonly order: LedgerStop }
  | {
      readonly kind: 'BALANCE';
      readonly reason: string;
      readonly positions: readonly { readonly symbol: string; readonly quantity: string }[];
    }
  | { readonly kind: 'LEVERAGE' | 'MULTI_ASSETS' | 'MARGIN_CALL' }
);

type OrderEvent = Extract<LedgerEvent, { kind: 'ORDER' }>;

/** A fill with the client id of its order. */
export interface VenueFill {
  readonly tradeId: string;
  readonly clientOrderId: string;
}

export function orderEventsOf(ledger: readonly LedgerEvent[]): OrderEvent[] {
  return ledger.filter((event): event is OrderEvent => event.kind === 'ORDER');
}

export function fillsOf(ledger: readonly LedgerEvent[]): VenueFill[] {
  return orderEventsOf(ledger).flatMap(({ order, fill }) =>
    fill === undefined ? [] : [{ tradeId: fill.trade_id, clientOrderId: order.client_order_id }],
  );
}
