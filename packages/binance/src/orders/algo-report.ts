import { isLoose, isSymbol, isUnsignedDecimal, isWhole } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';
import { idText } from './order-report.ts';

/** State of a conditional order as the venue names it. */
export const ALGO_STATES = ['NEW', 'TRIGGERING', 'TRIGGERED', 'FINISHED', 'CANCELED', 'REJECTED', 'EXPIRED'] as const;
type AlgoState = (typeof ALGO_STATES)[number];

/** One conditional order as an answer of the venue shows it. Decimal strings. */
export interface AlgoReport {
  readonly symbol: string;
  readonly clientAlgoId: string;
  readonly algoId: string;
  readonly state: AlgoState;
  readonly orderType: string;
  readonly side: 'BUY' | 'SELL';
  /** `0` for an order that closes the whole position. */
  readonly quantity: string;
  readonly triggerPrice: string;
  readonly closePosition: boolean;
  readonly reduceOnly: boolean;
  /** The ordinary order that it became; undefined before the trigger. */
  readonly venueOrderId: string | undefined;
  readonly tsUpdate: number;
}

/** Parses an answer about a conditional order. Source: developers.binance.com, USDⓈ-M, New Algo Order, Query Algo Order. */
export function parseAlgoReport(json: unknown): AlgoReport | WireFault {
  const bad = (field: string, value: unknown): WireFault => badField('algo order', field, value);
  if (!isLoose(json)) return bad('the answer', json);
  const { symbol, clientAlgoId, side, quantity, triggerPrice, closePosition, reduceOnly, updateTime, actualOrderId } =
    json;
  const algoId = idText(json['algoId']);
  const state = ALGO_STATES.find((one) => one === json['algoStatus']);
  const orderType = json['orderType'];
  if (!isSymbol(symbol)) return bad('symbol', symbol);
  if (typeof clientAlgoId !== 'string') return bad('clientAlgoId', clientAlgoId);
  if (algoId === undefined) return bad('algoId', json['algoId']);
  if (state === undefined) return bad('algoStatus', json['algoStatus']);
  if (typeof orderType !== 'string') return bad('orderType', orderType);
  if (side !== 'BUY' && side !== 'SELL') return bad('side', side);
  if (!isUnsignedDecimal(quantity)) return bad('quantity', quantity);
  // A trailing stop has no trigger price yet.
  const trigger = triggerPrice === '' ? '0' : triggerPrice;
  if (!isUnsignedDecimal(trigger)) return bad('triggerPrice', triggerPrice);
  if (typeof closePosition !== 'boolean') return bad('closePosition', closePosition);
  if (typeof reduceOnly !== 'boolean') return bad('reduceOnly', reduceOnly);
  if (!isWhole(updateTime)) return bad('updateTime', updateTime);
  return {
    ...{
      symbol,
      clientAlgoId,
      algoId,
      state,
      orderType,
      side,
      quantity,
      triggerPrice: trigger,
      closePosition,
      reduceOnly,
    },
    venueOrderId: actualOrderId === undefined || actualOrderId === '' ? undefined : idText(actualOrderId),
    tsUpdate: updateTime,
  };
}
