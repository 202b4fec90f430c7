import type { MarginMode } from '@helios/shared/domain/account.ts';
import type { OrderIntent } from '@helios/shared/domain/order.ts';
import type { Fill, OrderEvent } from '@helios/shared/domain/venue-event.ts';

/** What an order or a stop does on the venue. */
type Action = 'BUY' | 'SELL';

/** An order for the venue. Prices in quote currency on the tick, quantities in base currency on the step. */
export interface LiveOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly action: Action;
  readonly quantity: number;
  readonly reduceOnly: boolean;
  readonly execution:
    | { readonly type: 'MARKET' }
    | {
        readonly type: 'LIMIT';
        readonly price: number;
        readonly timeInForce: NonNullable<OrderIntent['time_in_force']>;
      };
}

/** A reduce-only stop that rests on the venue and closes at the market once the mark price reaches its trigger. */
export interface LiveStop {
  readonly clientAlgoId: string;
  readonly symbol: string;
  readonly action: Action;
  readonly quantity: number;
  readonly triggerPrice: number;
}

/**
 * A request to the venue. The adapter answers with news about the same id, and never repeats a request that may have been
 * carried out. `isProtective` requests may use the share of the rate limits that is kept for protection.
 */
export type VenueCommand =
  | { readonly kind: 'PLACE_ORDER'; readonly order: LiveOrder; readonly isProtective: boolean }
  | { readonly kind: 'CANCEL_ORDER'; readonly symbol: string; readonly clientOrderId: string }
  /** Asks for the order's state and its trades. */
  | { readonly kind: 'QUERY_ORDER'; readonly symbol: string; readonly clientOrderId: string }
  | { readonly kind: 'PLACE_STOP'; readonly stop: LiveStop }
  | { readonly kind: 'CANCEL_STOP'; readonly symbol: string; readonly clientAlgoId: string }
  | { readonly kind: 'QUERY_STOP'; readonly symbol: string; readonly clientAlgoId: string }
  /** Reads the trades of a symbol since the account was last flat on it; since `sinceTs` (the venue's time) if that is earlier. */
  | { readonly kind: 'READ_TRADES'; readonly symbol: string; readonly sinceTs?: number }
  /** Sets and verifies leverage and margin mode of a symbol; needed before its first entry. */
  | { readonly kind: 'PREPARE_SYMBOL'; readonly symbol: string }
  /** Reads positions, orders of both families and balances. */
  | { readonly kind: 'TAKE_SNAPSHOT' };

/** State of a stop as the venue names it; REJECTED also if the venue refused to place it. */
export type StopState = 'NEW' | 'TRIGGERING' | 'TRIGGERED' | 'FINISHED' | 'CANCELED' | 'REJECTED' | 'EXPIRED';

/** A stop on the venue, of us or of others. */
export interface VenueStop {
  readonly clientAlgoId: string;
  readonly symbol: string;
  readonly action: Action;
  readonly state: StopState;
  /** 0 for one that closes whatever is open. */
  readonly quantity: number;
  readonly triggerPrice: number;
  readonly reduceOnly: boolean;
  readonly tsEvent: number;
}

/** An open ordinary order on the venue, of us or of others. */
export interface VenueOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly action: Action;
  /** Limit price; undefined for MARKET. */
  readonly price: number | undefined;
  readonly quantity: number;
  readonly filledQuantity: number;
  readonly reduceOnly: boolean;
  /** The venue's time of the order. */
  readonly tsPlaced: number;
}

/** A position as the venue shows it; one-way mode. */
export interface VenuePosition {
  readonly symbol: string;
  /** Base currency; negative: short. Never 0. */
  readonly signedQuantity: number;
  readonly entryPrice: number;
  readonly markPrice: number;
  /** Undefined if no price liquidates it. */
  readonly liquidationPrice: number | undefined;
  readonly unrealizedPnl: number;
  readonly marginMode: MarginMode;
  readonly leverage: number;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
  readonly tsUpdate: number;
}

/** A trade of the account; its fill names the order by its client id. */
export interface VenueTrade {
  readonly action: Action;
  readonly fill: Fill;
  /** The venue itself traded: liquidation, ADL, settlement, delivery. */
  readonly isForced: boolean;
}

/** Money of the account: USDT, or US dollars over all assets if several count as margin. */
export interface VenueBalance {
  readonly walletBalance: number;
  readonly unrealizedPnl: number;
  readonly marginBalance: number;
  readonly availableBalance: number;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
  /** Wallets of other assets, each in its own unit, such as the BNB that pays fees. */
  readonly otherAssets?: Readonly<Record<string, number>>;
}

/**
 * Everything that the venue shows of the account. All parts were asked for after `tsAsked`, so a change before it is in; a later one may
 * be missing.
 */
export interface AccountSnapshot {
  readonly tsAsked: number;
  readonly positions: readonly VenuePosition[];
  readonly orders: readonly VenueOrder[];
  readonly stops: readonly VenueStop[];
  readonly balance: VenueBalance;
}

/** What is set on a symbol; what is absent was not told. */
export interface SymbolSettings {
  readonly symbol: string;
  readonly leverage?: number;
  readonly marginMode?: MarginMode;
}

/** What the venue said, or did not say. All times are epoch ms of our clock, corrected to the venue's where `tsEvent`. */
export type VenueNews =
  /** A request is on its way. */
  | { readonly kind: 'ORDER_SENT'; readonly clientOrderId: string; readonly tsSent: number }
  /** Reports may come twice and in any order. The fee of a fill is in quote currency; its slippage is 0 until the reader knows better. */
  | { readonly kind: 'ORDER'; readonly symbol: string; readonly event: OrderEvent }
  /** The request may or may not have been carried out: only a query can tell. */
  | { readonly kind: 'ORDER_UNKNOWN'; readonly clientOrderId: string; readonly detail: string }
  /** The venue did not look at the request: the order does not exist, and may be sent again under the same id. */
  | {
      readonly kind: 'ORDER_NOT_SENT';
      readonly clientOrderId: string;
      readonly detail: string;
      readonly retryAfterMs: number;
    }
  /** A query did not find the order. Right after placing this proves nothing. */
  | { readonly kind: 'ORDER_ABSENT'; readonly clientOrderId: string }
  /** A cancel was refused: the order is over, or unknown to the venue. */
  | { readonly kind: 'CANCEL_REFUSED'; readonly clientOrderId: string; readonly code: string }
  | { readonly kind: 'STOP'; readonly stop: VenueStop; readonly code?: string; readonly message?: string }
  | { readonly kind: 'STOP_UNKNOWN'; readonly clientAlgoId: string; readonly detail: string }
  | {
      readonly kind: 'STOP_NOT_SENT';
      readonly clientAlgoId: string;
      readonly detail: string;
      readonly retryAfterMs: number;
    }
  | { readonly kind: 'STOP_ABSENT'; readonly clientAlgoId: string }
  /** A fill of the order that a triggered stop became. */
  | { readonly kind: 'STOP_FILL'; readonly clientAlgoId: string; readonly symbol: string; readonly fill: Fill }
  /** The venue itself traded: liquidation, ADL, settlement, delivery. `symbol`, action and quantity are in the fill's order. */
  | {
      readonly kind: 'FORCED_FILL';
      readonly cause: 'LIQUIDATION' | 'ADL' | 'SETTLEMENT' | 'DELIVERY';
      readonly symbol: string;
      readonly action: Action;
      readonly fill: Fill;
    }
  /** An order of somebody else on the account changed. */
  | { readonly kind: 'FOREIGN_ORDER'; readonly order: VenueOrder; readonly isOpen: boolean }
  | { readonly kind: 'FOREIGN_FILL'; readonly symbol: string; readonly action: Action; readonly fill: Fill }
  /** A position changed, as the user stream says. */
  | {
      readonly kind: 'POSITION';
      readonly symbol: string;
      readonly signedQuantity: number;
      readonly entryPrice: number | undefined;
      readonly tsEvent: number;
    }
  | { readonly kind: 'WALLET'; readonly walletBalance: number; readonly tsEvent: number }
  /** From OPEN on events are complete; what happened before must be asked for. */
  | { readonly kind: 'USER_STREAM'; readonly isOpen: boolean; readonly reason: string }
  | { readonly kind: 'SNAPSHOT'; readonly snapshot: AccountSnapshot }
  /** A failed query changes nothing: unknown is not flat. */
  | { readonly kind: 'SNAPSHOT_FAILED'; readonly detail: string }
  /** All stops of the account, asked for after `tsAsked`, if the rest of a snapshot could not be read. */
  | { readonly kind: 'RESTING_STOPS'; readonly stops: readonly VenueStop[]; readonly tsAsked: number }
  /** The trades behind a position, oldest first. `isComplete`: they reach back to a flat account, and each names its order. */
  | {
      readonly kind: 'TRADES';
      readonly symbol: string;
      /** The position that they lead to, base currency; negative: short. */
      readonly signedQuantity: number;
      readonly trades: readonly VenueTrade[];
      readonly isComplete: boolean;
    }
  | { readonly kind: 'TRADES_FAILED'; readonly symbol: string; readonly detail: string }
  | { readonly kind: 'SYMBOL_READY'; readonly symbol: string }
  | {
      readonly kind: 'SYMBOL_REFUSED';
      readonly symbol: string;
      readonly detail: string;
      /** True if the venue said nothing: it may do so soon. */
      readonly isUnanswered?: true;
    }
  /**
   * Settings of symbols, as an event told them or as they were when asked for at `tsAsked` (our clock). Another hand may have
   * changed them.
   */
  | { readonly kind: 'SYMBOL_SETTINGS'; readonly rows: readonly SymbolSettings[]; readonly tsAsked?: number }
  /** Modes of the whole account, told by an event or asked for at `tsAsked` (our clock); what is absent was not told. */
  | {
      readonly kind: 'ACCOUNT_MODES';
      readonly isHedge?: boolean;
      readonly isMultiAssets?: boolean;
      readonly tsAsked?: number;
    }
  /** The venue warns: these positions come near their liquidation. */
  | { readonly kind: 'MARGIN_CALL'; readonly symbols: readonly string[] }
  /** What the venue lets trade on a symbol. Without word of the venue nothing of a symbol changes. */
  | {
      readonly kind: 'SYMBOL_STATUS';
      readonly symbol: string;
      /** The venue's word and date, such as `TRADING_HALT` or `TRADING until 2026-11-30T08:00:00.000Z`; NOT_LISTED if it shows none. */
      readonly status: string;
      readonly canEnter: boolean;
      /** The venue delists or settles the symbol then; in the past: it does so already. Absent: nothing is announced. */
      readonly closeBeforeTs?: number;
    };
