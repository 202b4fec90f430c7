import {
  PRICE_MATCHES,
  type PriceMatch,
  SELF_TRADE_MODES,
  type SelfTradeMode,
  TIMES_IN_FORCE,
  type TimeInForce,
} from '@helios/core/matching/order-rules.ts';
import type { OrderSide, PositionSide } from '../../trading/order.ts';
import { mandatorySymbol, type Parameter } from '../parameters.ts';
import { missing, type Refusal } from '../refusal.ts';
import {
  closePositionType,
  conditionalType,
  emptyParameter,
  illegalClientOrderId,
  invalidOrderType,
  invalidPositionSide,
  invalidPriceMatch,
  invalidReduceOnly,
  invalidResponseType,
  invalidSelfTradeMode,
  invalidSide,
  invalidTimeInForce,
  longClientOrderId,
  paramNotRequired,
  priceMatchType,
} from './order-refusal.ts';

/** A new order as sent: its syntax is right, its values are not checked yet. */
export interface NewOrderRequest {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: 'LIMIT' | 'MARKET';
  /** Undefined for MARKET. */
  readonly timeInForce: TimeInForce | undefined;
  /** Decimal texts, possibly negative. A LIMIT order has a price or a price match. */
  readonly quantity: string;
  readonly price: string | undefined;
  readonly priceMatch: PriceMatch;
  readonly positionSide: PositionSide | undefined;
  /** Undefined if not sent. */
  readonly reduceOnly: boolean | undefined;
  readonly clientOrderId: string | undefined;
  readonly selfTradePreventionMode: SelfTradeMode;
  /** Epoch ms as text; only with GTD. */
  readonly goodTillDate: string | undefined;
}

const DECIMAL = /^[+-]?\d{1,20}(?:\.\d{1,20})?$/;
const WHOLE = /^\d{1,18}$/;
const CLIENT_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;
const CONDITIONAL = ['STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'];
/** Parameters of conditional orders only. */
const CONDITIONAL_ONLY = ['stopPrice', 'activationPrice', 'callbackRate', 'triggerPrice', 'activatePrice'];
/** Parameters that may be absent, but not empty. */
const OPTIONAL = [
  'positionSide',
  'reduceOnly',
  'newOrderRespType',
  'priceMatch',
  'selfTradePreventionMode',
  'goodTillDate',
  'closePosition',
  'newClientOrderId',
];

/** Reads the parameters of a new order. */
export function readNewOrder(query: URLSearchParams): Parameter<NewOrderRequest> {
  const symbol = mandatorySymbol(query);
  if (symbol.kind !== 'VALUE') return symbol;
  const side = wordOf(query, 'side', ['BUY', 'SELL'] as const, invalidSide);
  if (side.kind !== 'VALUE') return side;
  const type = typeOf(query);
  if (type.kind !== 'VALUE') return type;
  const problem = optionalProblem(query, type.value);
  if (problem !== undefined) return problem;
  const terms = type.value === 'LIMIT' ? limitTerms(query) : marketTerms(query);
  if (terms.kind !== 'VALUE') return terms;
  const quantity = decimalParameter(query, 'quantity');
  if (quantity.kind !== 'VALUE') return quantity;
  return {
    kind: 'VALUE',
    value: {
      ...{ symbol: symbol.value, side: side.value, type: type.value, quantity: quantity.value },
      ...terms.value,
      positionSide: (query.get('positionSide') ?? undefined) as PositionSide | undefined,
      reduceOnly: booleanOf(query.get('reduceOnly')),
      clientOrderId: query.get('newClientOrderId') ?? undefined,
      selfTradePreventionMode: (query.get('selfTradePreventionMode') ?? 'EXPIRE_MAKER') as SelfTradeMode,
    },
  };
}

/** A mandatory decimal, possibly negative. */
export function decimalParameter(query: URLSearchParams, name: string): Parameter<string> {
  const text = query.get(name) ?? '';
  return DECIMAL.test(text) ? { kind: 'VALUE', value: text } : missing(name);
}

/** A mandatory word; each list has its own refusal. */
export function wordOf<W extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly W[],
  invalid: () => Refusal,
): Parameter<W> {
  const text = query.get(name) ?? '';
  if (text === '') return missing(name);
  const word = words.find((one) => one === text);
  return word === undefined ? invalid() : { kind: 'VALUE', value: word };
}

/** `priceMatch`, and the price if there is no price match. */
export function priceOf(
  query: URLSearchParams,
): Parameter<{ readonly price: string | undefined; readonly priceMatch: PriceMatch }> {
  const priceMatch = query.has('priceMatch')
    ? wordOf(query, 'priceMatch', PRICE_MATCHES, invalidPriceMatch)
    : ({ kind: 'VALUE', value: 'NONE' } as const);
  if (priceMatch.kind !== 'VALUE') return priceMatch;
  if (priceMatch.value !== 'NONE') {
    if (query.has('price')) return paramNotRequired('price');
    return { kind: 'VALUE', value: { price: undefined, priceMatch: priceMatch.value } };
  }
  const price = decimalParameter(query, 'price');
  return price.kind === 'VALUE' ? { kind: 'VALUE', value: { price: price.value, priceMatch: 'NONE' } } : price;
}

/** Why a client order id is refused. */
export function clientOrderIdProblem(name: string, text: string): Refusal | undefined {
  if (text.length > 36) return longClientOrderId();
  return CLIENT_ID.test(text) ? undefined : illegalClientOrderId(name);
}

function typeOf(query: URLSearchParams): Parameter<'LIMIT' | 'MARKET'> {
  if (CONDITIONAL.includes(query.get('type') ?? '')) return conditionalType();
  return wordOf(query, 'type', ['LIMIT', 'MARKET'] as const, invalidOrderType);
}

type Terms = Pick<NewOrderRequest, 'timeInForce' | 'price' | 'priceMatch' | 'goodTillDate'>;

function marketTerms(query: URLSearchParams): Parameter<Terms> {
  for (const name of ['timeInForce', 'price', 'goodTillDate']) if (query.has(name)) return paramNotRequired(name);
  if ((query.get('priceMatch') ?? 'NONE') !== 'NONE') return priceMatchType();
  return {
    kind: 'VALUE',
    value: { timeInForce: undefined, price: undefined, priceMatch: 'NONE', goodTillDate: undefined },
  };
}

function limitTerms(query: URLSearchParams): Parameter<Terms> {
  const timeInForce = wordOf(query, 'timeInForce', TIMES_IN_FORCE, invalidTimeInForce);
  if (timeInForce.kind !== 'VALUE') return timeInForce;
  const price = priceOf(query);
  if (price.kind !== 'VALUE') return price;
  const goodTillDate = query.get('goodTillDate') ?? undefined;
  if (timeInForce.value === 'GTD' && !WHOLE.test(goodTillDate ?? '')) return missing('goodTillDate');
  // Clients send 0 for "no date".
  if (timeInForce.value !== 'GTD' && goodTillDate !== undefined && goodTillDate !== '0')
    return paramNotRequired('goodTillDate');
  return { kind: 'VALUE', value: { timeInForce: timeInForce.value, ...price.value, goodTillDate } };
}

function optionalProblem(query: URLSearchParams, type: string): Refusal | undefined {
  const empty = OPTIONAL.find((name) => query.get(name) === '');
  if (empty !== undefined) return emptyParameter(empty);
  const conditional = CONDITIONAL_ONLY.find((name) => query.has(name));
  if (conditional !== undefined) return paramNotRequired(conditional);
  if (isOutside(query, 'closePosition', ['true', 'false'])) return paramNotRequired('closePosition');
  if (query.get('closePosition')?.toLowerCase() === 'true') return closePositionType(type);
  if (isOutside(query, 'positionSide', ['BOTH', 'LONG', 'SHORT'])) return invalidPositionSide();
  if (isOutside(query, 'reduceOnly', ['true', 'false', 'TRUE', 'FALSE'])) return invalidReduceOnly();
  if (isOutside(query, 'newOrderRespType', ['ACK', 'RESULT'])) return invalidResponseType();
  if (isOutside(query, 'selfTradePreventionMode', SELF_TRADE_MODES)) return invalidSelfTradeMode();
  const clientOrderId = query.get('newClientOrderId');
  return clientOrderId === null ? undefined : clientOrderIdProblem('newClientOrderId', clientOrderId);
}

function isOutside(query: URLSearchParams, name: string, words: readonly string[]): boolean {
  const text = query.get(name);
  return text !== null && !words.includes(text);
}

function booleanOf(text: string | null): boolean | undefined {
  return text === null ? undefined : text.toLowerCase() === 'true';
}
