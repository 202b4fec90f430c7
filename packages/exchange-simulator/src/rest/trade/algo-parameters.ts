import { randomBytes } from 'node:crypto';
import { CONDITIONAL_TYPES, type ConditionalType } from '@helios/core/matching/conditional.ts';
import { SELF_TRADE_MODES, type TimeInForce } from '@helios/core/matching/order-rules.ts';
import { decimalsOf } from '@helios/core/price/decimal-text.ts';
import type { TradingAccount } from '../../accounts/trading-account.ts';
import type { ConditionalTicket } from '../../trading/conditional-order.ts';
import type { PositionSide } from '../../trading/order.ts';
import { goodTillOf, isClosed } from '../../trading/order-checks.ts';
import { gridTicks, quantitySteps } from '../../trading/order-filters.ts';
import type { GridMarket } from '../../trading/traded-market.ts';
import { mandatorySymbol, type Parameter } from '../parameters.ts';
import { badValue, invalidSymbol } from '../refusal.ts';
import { algoPrices } from './algo-prices.ts';
import { badWorkingType, missingForType, quantityWithClose } from './algo-refusal.ts';
import { clientOrderIdProblem, decimalParameter, priceOf, wordOf } from './new-order-request.ts';
import {
  badGoodTillDate,
  closePositionType,
  contractClosed,
  invalidOrderType,
  invalidReduceOnly,
  invalidSelfTradeMode,
  invalidSide,
  invalidTimeInForce,
  paramNotRequired,
  priceMatchType,
  wrongPositionSide,
} from './order-refusal.ts';
import type { Call } from './signed-endpoint.ts';

const TIMES_IN_FORCE: readonly (TimeInForce | 'GTE_GTC')[] = ['GTC', 'IOC', 'FOK', 'GTX', 'GTD', 'GTE_GTC'];
const BOOLEANS = ['reduceOnly', 'closePosition', 'priceProtect'];

/** Parameters of a new conditional order. */
export function algoTicket({ query, account, trading }: Call): Parameter<ConditionalTicket> {
  const symbol = mandatorySymbol(query);
  if (symbol.kind !== 'VALUE') return symbol;
  const market = trading.marketOf(symbol.value);
  const contract = trading.contractOf(symbol.value);
  if (market === undefined || contract === undefined) return invalidSymbol();
  if (isClosed(contract)) return contractClosed();
  const kind = kindOf(query);
  if (kind.kind !== 'VALUE') return kind;
  const { type } = kind.value;
  const unclear = BOOLEANS.find((name) => !isBooleanOrAbsent(query, name));
  if (unclear !== undefined) return unclear === 'reduceOnly' ? invalidReduceOnly() : missingForType(unclear);
  const close = closeOf(query, type);
  if (close.kind !== 'VALUE') return close;
  const reach = reachOf(query, account);
  if (reach.kind !== 'VALUE') return reach;
  const amounts = amountsOf(query, type, close.value, market);
  if (amounts.kind !== 'VALUE') return amounts;
  const prices = algoPrices(query, type, decimalsOf(market.grid.priceText(0)));
  if (prices.kind !== 'VALUE') return prices;
  const rest = restOf(query, trading.now());
  if (rest.kind !== 'VALUE') return rest;
  const ticket = { symbol: symbol.value, closePosition: close.value, ...kind.value, ...reach.value };
  const timeInForce = close.value ? 'GTE_GTC' : rest.value.timeInForce;
  return { kind: 'VALUE', value: { ...ticket, ...amounts.value, ...prices.value, ...rest.value, timeInForce } };
}

function kindOf(query: URLSearchParams): Parameter<Pick<ConditionalTicket, 'type' | 'side' | 'workingType'>> {
  const algoType = wordOf(query, 'algoType', ['CONDITIONAL'] as const, () => badValue('algoType'));
  if (algoType.kind !== 'VALUE') return algoType;
  const side = wordOf(query, 'side', ['BUY', 'SELL'] as const, invalidSide);
  if (side.kind !== 'VALUE') return side;
  const type = wordOf(query, 'type', CONDITIONAL_TYPES, invalidOrderType);
  if (type.kind !== 'VALUE') return type;
  const workingType = query.get('workingType') ?? 'CONTRACT_PRICE';
  if (workingType !== 'CONTRACT_PRICE' && workingType !== 'MARK_PRICE') return badWorkingType();
  return { kind: 'VALUE', value: { type: type.value, side: side.value, workingType } };
}

/** Whether the order closes the whole position. */
function closeOf(query: URLSearchParams, type: ConditionalType): Parameter<boolean> {
  if (!isTrue(query, 'closePosition')) return { kind: 'VALUE', value: false };
  if (type !== 'STOP_MARKET' && type !== 'TAKE_PROFIT_MARKET') return closePositionType(type);
  if (query.has('reduceOnly')) return paramNotRequired('reduceonly');
  if (Number(query.get('quantity') ?? 0) !== 0) return quantityWithClose();
  return { kind: 'VALUE', value: true };
}

/** Position side and reduce-only, which depend on the account's position mode. */
function reachOf(
  query: URLSearchParams,
  { isHedge }: TradingAccount,
): Parameter<Pick<ConditionalTicket, 'positionSide' | 'reduceOnly'>> {
  const positionSide = query.get('positionSide') ?? 'BOTH';
  const isFitting = isHedge ? positionSide === 'LONG' || positionSide === 'SHORT' : positionSide === 'BOTH';
  if (!isFitting) return wrongPositionSide();
  if (isHedge && query.has('reduceOnly')) return paramNotRequired('reduceonly');
  const value = { positionSide: positionSide as PositionSide, reduceOnly: isTrue(query, 'reduceOnly') };
  return { kind: 'VALUE', value };
}

function amountsOf(
  query: URLSearchParams,
  type: ConditionalType,
  closePosition: boolean,
  market: GridMarket,
): Parameter<Pick<ConditionalTicket, 'quantity' | 'price' | 'priceMatch'>> {
  const isLimit = type === 'STOP' || type === 'TAKE_PROFIT';
  const asked = isLimit ? priceOf(query) : noPrice(query);
  if (asked.kind !== 'VALUE') return asked;
  const { price: text, priceMatch } = asked.value;
  // The price filter of the mark price counts when the order triggers.
  const price = text === undefined ? 0 : gridTicks(market, text);
  if (typeof price !== 'number') return price;
  if (closePosition) return { kind: 'VALUE', value: { quantity: 0, price, priceMatch } };
  const amount = decimalParameter(query, 'quantity');
  if (amount.kind !== 'VALUE') return amount;
  const quantity = quantitySteps(market.grid, amount.value, !isLimit);
  return typeof quantity === 'number' ? { kind: 'VALUE', value: { quantity, price, priceMatch } } : quantity;
}

/** A MARKET order has neither price nor price match. */
function noPrice(query: URLSearchParams): ReturnType<typeof priceOf> {
  if (Number(query.get('price') ?? 0) !== 0) return paramNotRequired('price');
  if ((query.get('priceMatch') ?? 'NONE') !== 'NONE') return priceMatchType();
  return { kind: 'VALUE', value: { price: undefined, priceMatch: 'NONE' } };
}

type Rest = Pick<
  ConditionalTicket,
  'timeInForce' | 'clientAlgoId' | 'priceProtect' | 'selfTradePreventionMode' | 'goodTillDate'
>;

function restOf(query: URLSearchParams, nowMs: number): Parameter<Rest> {
  const timeInForce = TIMES_IN_FORCE.find((one) => one === (query.get('timeInForce') ?? 'GTC'));
  if (timeInForce === undefined) return invalidTimeInForce();
  const clientAlgoId = query.get('clientAlgoId') ?? randomBytes(11).toString('hex');
  const problem = clientOrderIdProblem('clientAlgoId', clientAlgoId);
  if (problem !== undefined) return problem;
  const date = query.get('goodTillDate') ?? undefined;
  if (timeInForce === 'GTD' && (date ?? '') === '') return missingForType('goodTillDate');
  const goodTillDate = goodTillOf({ timeInForce, goodTillDate: date }, nowMs);
  if (goodTillDate === undefined) return badGoodTillDate();
  const selfTradePreventionMode = SELF_TRADE_MODES.find(
    (one) => one === (query.get('selfTradePreventionMode') ?? 'EXPIRE_MAKER'),
  );
  if (selfTradePreventionMode === undefined) return invalidSelfTradeMode();
  const priceProtect = isTrue(query, 'priceProtect');
  return { kind: 'VALUE', value: { timeInForce, clientAlgoId, goodTillDate, priceProtect, selfTradePreventionMode } };
}

/** Anything else would silently count as false: a stop meant to reduce could open a position. */
function isBooleanOrAbsent(query: URLSearchParams, name: string): boolean {
  return ['true', 'false'].includes(query.get(name)?.toLowerCase() ?? 'false');
}

function isTrue(query: URLSearchParams, name: string): boolean {
  return query.get(name)?.toLowerCase() === 'true';
}
