import type { Position } from '../accounts/trading-account.ts';
import type { ConditionalOrder } from './conditional-order.ts';
import type { Order } from './order.ts';

/** What happened to an order: the venue's `x`. */
export type ExecutionKind = 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED' | 'AMENDMENT' | 'CALCULATED';

/** One trade of an order. Money in units of 1e-8. */
export interface ExecutedFill {
  readonly tradeId: number;
  readonly orderId: bigint;
  /** Ticks and steps. */
  readonly price: number;
  readonly quantity: number;
  readonly value: bigint;
  readonly commission: bigint;
  readonly realised: bigint;
  readonly isMaker: boolean;
}

/** Why a balance changed: the venue's `m` of ACCOUNT_UPDATE. */
export type BalanceReason =
  | 'ORDER'
  | 'FUNDING_FEE'
  | 'DEPOSIT'
  | 'WITHDRAW'
  | 'MARGIN_TRANSFER'
  | 'MARGIN_TYPE_CHANGE'
  | 'INSURANCE_CLEAR'
  | 'ADJUSTMENT';

/** Value of the open orders of a position side, money: the venue's `b` and `a`. */
export interface OpenValue {
  readonly bid: bigint;
  readonly ask: bigint;
}

/** A position of a margin call. */
export interface CalledPosition {
  readonly position: Position;
  readonly isIsolated: boolean;
  readonly markPrice: string;
  readonly unrealised: bigint;
  readonly maintenance: bigint;
}

/** One change of an account. Orders and positions are copies of that moment. */
export type TradingEvent = { readonly accountId: string; readonly ts: number } & (
  | {
      readonly kind: 'ORDER';
      readonly execution: ExecutionKind;
      readonly order: Order;
      /** After the change. */
      readonly openValue: OpenValue;
      readonly fill?: ExecutedFill;
    }
  | {
      readonly kind: 'BALANCE';
      readonly reason: BalanceReason;
      /** Change of the wallet that is neither PnL nor commission, money. */
      readonly change: bigint;
      readonly wallet: bigint;
      readonly crossWallet: bigint;
      readonly positions: readonly Position[];
    }
  | { readonly kind: 'ALGO'; readonly order: ConditionalOrder }
  | { readonly kind: 'LEVERAGE'; readonly symbol: string; readonly leverage: number }
  | { readonly kind: 'MULTI_ASSETS'; readonly isOn: boolean }
  | {
      readonly kind: 'MARGIN_CALL';
      /** Undefined if an isolated position is meant. */
      readonly crossWallet: bigint | undefined;
      readonly positions: readonly CalledPosition[];
    }
);
