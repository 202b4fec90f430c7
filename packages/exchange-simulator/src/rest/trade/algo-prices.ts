import { type ConditionalType, callbackOf } from '@helios/core/matching/conditional.ts';
import { moneyOf, scaledText } from '@helios/core/matching/money.ts';
import { priceText } from '../../trading/conditional-order.ts';
import type { Parameter } from '../parameters.ts';
import {
  badActivationPrice,
  badCallbackRate,
  missingForType,
  stopPriceNotPositive,
  wouldTriggerAtOnce,
} from './algo-refusal.ts';
import { paramNotRequired, precisionTooHigh } from './order-refusal.ts';

const DECIMAL = /^\d{1,16}(?:\.\d{0,20})?$/;

/** The prices of a conditional order that are not prices of its ordinary order. */
export interface AlgoPrices {
  readonly triggerPrice: string | undefined;
  readonly activatePrice: string | undefined;
  readonly callbackRate: string | undefined;
}

/**
 * Trigger price, or activation price and callback rate of a trailing stop. The venue accepts any price with the decimals of the
 * contract, also between ticks.
 */
export function algoPrices(query: URLSearchParams, type: ConditionalType, decimals: number): Parameter<AlgoPrices> {
  return type === 'TRAILING_STOP_MARKET' ? trailingPrices(query, decimals) : fixedPrice(query, decimals);
}

function fixedPrice(query: URLSearchParams, decimals: number): Parameter<AlgoPrices> {
  for (const name of ['activatePrice', 'activationPrice', 'callbackRate'])
    if (query.has(name)) return paramNotRequired(name.toLowerCase());
  const text = query.get('triggerPrice') ?? '';
  if (!DECIMAL.test(text)) return missingForType('triggerPrice');
  const triggerPrice = exact(text, decimals);
  if (triggerPrice === undefined) return precisionTooHigh();
  if (moneyOf(triggerPrice) === 0n) return stopPriceNotPositive();
  return { kind: 'VALUE', value: { triggerPrice, activatePrice: undefined, callbackRate: undefined } };
}

function trailingPrices(query: URLSearchParams, decimals: number): Parameter<AlgoPrices> {
  if (query.has('triggerPrice')) return wouldTriggerAtOnce();
  const rate = query.get('callbackRate') ?? '';
  if (rate === '') return missingForType('callbackRate');
  const callback = callbackOf(rate);
  if (callback === undefined) return badCallbackRate();
  const text = query.get('activatePrice') ?? query.get('activationPrice') ?? undefined;
  if (text !== undefined && (!DECIMAL.test(text) || moneyOf(text) === 0n)) return badActivationPrice();
  const activatePrice = text === undefined ? undefined : exact(text, decimals);
  if (text !== undefined && activatePrice === undefined) return precisionTooHigh();
  return { kind: 'VALUE', value: { triggerPrice: undefined, activatePrice, callbackRate: scaledText(callback, 1) } };
}

/** The price with all its decimals; undefined if it has more. */
function exact(text: string, decimals: number): string | undefined {
  const [, fraction = ''] = text.split('.');
  return fraction.replace(/0+$/, '').length > decimals ? undefined : priceText(moneyOf(text), decimals);
}
