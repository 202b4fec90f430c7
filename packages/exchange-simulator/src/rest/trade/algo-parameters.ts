import { randomBytes } from 'node:crypto';
import { CONDITIONAL_TYPES, type ConditionalType } from '@helios/core/matching/conditional.ts';
import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { PRICE_MATCHES, SELF_TRADE_MODES, type TimeInForce } from '@helios/core/matching/order-rules.ts';
import { decimalsOf } from '@helios/core/price/decimal-text.ts';
import type { TradingAccount } from '../../accounts/trading-account.ts';
import type { ConditionalTicket, WorkingType } from '../../trading/conditional-order.ts';
import type { OrderSide, PositionSide } from '../../trading/order.ts';
import { mandatorySymbol, type Parameter, wholeParameter } from '../parameters.ts';
import { badValue, illegalCharacters, invalidSymbol, missing } from '../refusal.ts';
import { algoPrices } from './algo-prices.ts';
import {
  badClientAlgoId,
  badOrderType,
  badSide,
  badTimeInForce,
  badWorkingType,
  closeOfWrongType,
  dateTooNear,
  missingForType,
  notRequired,
  positionSideMismatch,
  priceOffGrid,
  quantityNotPositive,
  quantityWithClose,
  tooPrecise,
} from './algo-refusal.ts';
import { invalidPriceMatch, invalidSelfTradeMode } from './order-refusal.ts';
import type { Call } from './signed-endpoint.ts';

const TIMES_IN_FORCE: readonly (TimeInForce | 'GTE_GTC')[] = ['GTC', 'IOC', 'FOK', 'GTX', 'GTD', 'GTE_GTC'];
const DECIMAL = /^\d{1,20}(?:\.\d{0,20})?$/;
const CLIENT_ID = /^[.A-Z:/a-z0-9_-]+$/;
const MAX_CLIENT_ID = 36;
const GTD_AHEAD_MS = 600_000;
const LAST_DATE_MS = 253_402_300_799_000;

/** Parameters of a new conditional order. */
export function algoTicket({ query, account, trading }: Call): Parameter<ConditionalTicket> {
  const symbol = mandatorySymbol(query);
  if (symbol.kind !== 'VALUE') return symbol;
  const grid = trading.marketOf(symbol.value)?.grid;
  if (grid === undefined) return invalidSymbol();
  const kind = kindOf(query);
  if (kind.kind !== 'VALUE') return kind;
  const { type } = kind.value;
  const close = closeOf(query, type);
  if (close.kind !== 'VALUE') return close;
  const reach = reachOf(query, account);
  if (reach.kind !== 'VALUE') return reach;
  const amounts = amountsOf(query, type, close.value, grid);
  if (amounts.kind !== 'VALUE') return amounts;
  const prices = algoPrices(query, type, decimalsOf(grid.priceText(0)));
  if (prices.kind !== 'VALUE') return prices;
  const rest = restOf(query, trading.now());
  if (rest.kind !== 'VALUE') return rest;
  const ticket = { symbol: symbol.value, closePosition: close.value, ...kind.value, ...reach.value };
  const timeInForce = close.value ? 'GTE_GTC' : rest.value.timeInForce;
  return { kind: 'VALUE', value: { ...ticket, ...amounts.value, ...prices.value, ...rest.value, timeInForce } };
}

function kindOf(
  query: URLSearchParams,
): Parameter<{ readonly type: ConditionalType; readonly side: OrderSide; readonly workingType: WorkingType }> {
  for (const name of ['algoType', 'side', 'type']) if ((query.get(name) ?? '') === '') return missing(name);
  if (query.get('algoType') !== 'CONDITIONAL') return badValue('algoType');
  const side = query.get('side');
  if (side !== 'BUY' && side !== 'SELL') return badSide();
  const type = CONDITIONAL_TYPES.find((one) => one === query.get('type'));
  if (type === undefined) return badOrderType();
  const workingType = query.get('workingType') ?? 'CONTRACT_PRICE';
  if (workingType !== 'CONTRACT_PRICE' && workingType !== 'MARK_PRICE') return badWorkingType();
  return { kind: 'VALUE', value: { type, side, workingType } };
}

/** Whether the order closes the whole position. */
function closeOf(query: URLSearchParams, type: ConditionalType): Parameter<boolean> {
  if (!isTrue(query, 'closePosition')) return { kind: 'VALUE', value: false };
  if (type !== 'STOP_MARKET' && type !== 'TAKE_PROFIT_MARKET') return closeOfWrongType(type);
  if (query.has('reduceOnly')) return notRequired('reduceOnly');
  if (Number(query.get('quantity') ?? 0) !== 0) return quantityWithClose();
  return { kind: 'VALUE', value: true };
}

/** Position side and reduce-only, which depend on the account's position mode. */
function reachOf(
  query: URLSearchParams,
  account: TradingAccount,
): Parameter<{ readonly positionSide: PositionSide; readonly reduceOnly: boolean }> {
  const positionSide = query.get('positionSide') ?? 'BOTH';
  const isFitting = account.isHedge ? positionSide === 'LONG' || positionSide === 'SHORT' : positionSide === 'BOTH';
  if (!isFitting) return positionSideMismatch();
  if (account.isHedge && query.has('reduceOnly')) return notRequired('reduceOnly');
  const value = { positionSide: positionSide as PositionSide, reduceOnly: isTrue(query, 'reduceOnly') };
  return { kind: 'VALUE', value };
}

function amountsOf(
  query: URLSearchParams,
  type: ConditionalType,
  closePosition: boolean,
  grid: ContractGrid,
): Parameter<{ readonly quantity: number; readonly price: number }> {
  const isLimit = type === 'STOP' || type === 'TAKE_PROFIT';
  const priceText = query.get('price') ?? '';
  if (isLimit && !DECIMAL.test(priceText)) return missingForType('price');
  if (!isLimit && Number(priceText) !== 0) return notRequired('price');
  const price = isLimit ? grid.ticksOf(priceText) : 0;
  if (price === undefined) return isFiner(priceText, grid.priceText(0)) ? tooPrecise() : priceOffGrid();
  if (closePosition) return { kind: 'VALUE', value: { quantity: 0, price } };
  const quantityText = query.get('quantity') ?? '';
  if (!DECIMAL.test(quantityText)) return missingForType('quantity');
  const quantity = grid.stepsOf(quantityText);
  if (quantity === undefined) return tooPrecise();
  return quantity === 0 ? quantityNotPositive() : { kind: 'VALUE', value: { quantity, price } };
}

type Rest = Pick<
  ConditionalTicket,
  'timeInForce' | 'clientAlgoId' | 'priceProtect' | 'selfTradePreventionMode' | 'priceMatch' | 'goodTillDate'
>;

function restOf(query: URLSearchParams, nowMs: number): Parameter<Rest> {
  const timeInForce = TIMES_IN_FORCE.find((one) => one === (query.get('timeInForce') ?? 'GTC'));
  if (timeInForce === undefined) return badTimeInForce();
  const clientAlgoId = query.get('clientAlgoId') ?? randomBytes(11).toString('hex');
  if (clientAlgoId.length > MAX_CLIENT_ID) return badClientAlgoId();
  if (!CLIENT_ID.test(clientAlgoId)) return illegalCharacters('clientAlgoId');
  const date = wholeParameter(query, 'goodTillDate');
  if (date.kind !== 'VALUE') return date;
  const goodTillDate = timeInForce === 'GTD' ? Math.floor((date.value ?? 0) / 1_000) * 1_000 : 0;
  if (timeInForce === 'GTD' && date.value === undefined) return missingForType('goodTillDate');
  const isNear = goodTillDate <= nowMs + GTD_AHEAD_MS || goodTillDate >= LAST_DATE_MS;
  if (timeInForce === 'GTD' && isNear) return dateTooNear();
  const selfTradePreventionMode = SELF_TRADE_MODES.find(
    (one) => one === (query.get('selfTradePreventionMode') ?? 'EXPIRE_MAKER'),
  );
  if (selfTradePreventionMode === undefined) return invalidSelfTradeMode();
  const priceMatch = PRICE_MATCHES.find((one) => one === (query.get('priceMatch') ?? 'NONE'));
  if (priceMatch === undefined) return invalidPriceMatch();
  return {
    kind: 'VALUE',
    value: {
      ...{ timeInForce, clientAlgoId, goodTillDate, priceProtect: isTrue(query, 'priceProtect') },
      ...{ selfTradePreventionMode, priceMatch },
    },
  };
}

function isTrue(query: URLSearchParams, name: string): boolean {
  return query.get(name)?.toLowerCase() === 'true';
}

function isFiner(text: string, zero: string): boolean {
  return decimalsOf(text.replace(/0+$/, '')) > decimalsOf(zero);
}
