import type { OrderTicket, PositionSide } from './order.ts';

/** Why the venue closes a position: the liquidation itself, auto-deleveraging, or a take-over by the insurance fund. */
export type ForcedKind = 'LIQUIDATION' | 'ADL' | 'INSURANCE';

/** Beginnings of the client order ids. The venue documents `autoclose-` and `adl_autoclose`. */
const PREFIXES: Readonly<Record<ForcedKind, string>> = {
  LIQUIDATION: 'autoclose-',
  ADL: 'adl_autoclose_',
  INSURANCE: 'autoclose-insurance-',
};

/** What a forced order closes, and at which price in ticks. */
export interface ForcedClose {
  readonly symbol: string;
  readonly positionSide: PositionSide;
  /** Signed steps of the position. */
  readonly steps: number;
  readonly price: number;
}

/** The order with which the venue closes a position: LIMIT, IOC and reduce-only, as documented. */
export function forcedTicket(kind: ForcedKind, { steps, ...close }: ForcedClose, id: number): OrderTicket {
  return {
    ...close,
    side: steps > 0 ? 'SELL' : 'BUY',
    quantity: Math.abs(steps),
    ...{ type: 'LIMIT', timeInForce: 'IOC', reduceOnly: true, isForced: true },
    clientOrderId: `${PREFIXES[kind]}${id}`,
    ...{ selfTradePreventionMode: 'NONE', priceMatch: 'NONE', goodTillDate: 0 },
  };
}
