import { openStops } from '@helios/binance/orders/algo-endpoints.ts';
import type { AlgoReport } from '@helios/binance/orders/algo-report.ts';
import { openOrders } from '@helios/binance/orders/order-endpoints.ts';
import type { OrderReport } from '@helios/binance/orders/order-report.ts';
import { account } from '@helios/binance/rest/endpoints/account.ts';
import { positionRisk, type VenuePositionRow } from '@helios/binance/rest/endpoints/position-risk.ts';
import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { SignedRest } from '@helios/binance/rest/signed-rest.ts';

/** Everything open on the account, of Helios and of others. */
export interface AccountPicture {
  readonly positions: readonly VenuePositionRow[];
  readonly orders: readonly OrderReport[];
  readonly stops: readonly AlgoReport[];
  /** Margin of all positions, as the account's totals say. Above zero without a position, an answer is wrong. */
  readonly positionMargin: string;
  readonly walletBalance: string;
}

/** Reads positions, open orders of both families and the totals. One failed request fails the picture: unknown is not flat. */
export async function readPicture(rest: SignedRest): Promise<AccountPicture | RestFailure> {
  const [positions, orders, stops, totals] = await Promise.all([
    rest.send(positionRisk, {}),
    rest.send(openOrders, {}),
    rest.send(openStops, {}),
    rest.send(account, undefined),
  ]);
  if (positions.kind !== 'OK') return positions;
  if (orders.kind !== 'OK') return orders;
  if (stops.kind !== 'OK') return stops;
  if (totals.kind !== 'OK') return totals;
  return {
    // The venue also lists symbols that have only an open order.
    positions: positions.value.filter(({ amount }) => Number(amount) !== 0),
    orders: orders.value,
    stops: stops.value,
    positionMargin: totals.value.positionInitialMargin,
    walletBalance: totals.value.walletBalance,
  };
}

/** True if nothing is open, and the totals say so too. */
export function isFlat({ positions, orders, stops, positionMargin }: AccountPicture): boolean {
  return positions.length + orders.length + stops.length === 0 && Number(positionMargin) === 0;
}

/** One line for each open thing, for the operator. */
export function pictureLines({ positions, orders, stops }: AccountPicture): readonly string[] {
  return [
    ...positions.map(
      ({ symbol, positionSide, amount, entryPrice, unrealizedProfit }) =>
        `position  ${symbol} ${sideOf(positionSide, amount)} ${amount.replace('-', '')}, entry ${entryPrice}, unrealised ${unrealizedProfit}`,
    ),
    ...orders.map(
      ({ symbol, side, quantity, reduceOnly, clientOrderId }) =>
        `order     ${symbol} ${side} ${quantity}${reduceOnly ? ', reduce-only' : ''} (${clientOrderId})`,
    ),
    ...stops.map(
      ({ symbol, side, orderType, triggerPrice, clientAlgoId }) =>
        `stop      ${symbol} ${side} ${orderType} at ${triggerPrice} (${clientAlgoId})`,
    ),
  ];
}

function sideOf(positionSide: VenuePositionRow['positionSide'], amount: string): 'LONG' | 'SHORT' {
  if (positionSide !== 'BOTH') return positionSide;
  return amount.startsWith('-') ? 'SHORT' : 'LONG';
}
