import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Quote, TradingSignal } from '@helios/shared/domain/signal.ts';
import { type Action, farSide } from '../execution/fill.ts';
import { floorToStep, isWorthLess } from '../price/step-grid.ts';
import type { LiveSettings } from './live-settings.ts';
import type { ParentEnd, ParentOrder } from './parent-order.ts';
import type { LiveOrder } from './venue-port.ts';

/** What happens next to a signal that has no working order. */
export type NextStep =
  | {
      readonly kind: 'PLACE';
      readonly execution: LiveOrder['execution'];
      readonly quantity: number;
      /** A resting order is cancelled then; absent for one that cannot rest. */
      readonly restUntilMs?: number;
    }
  | { readonly kind: 'WAIT'; readonly untilMs: number }
  | { readonly kind: 'END'; readonly end: ParentEnd };

/** What a step depends on. */
export interface StepView {
  readonly parent: ParentOrder;
  /** Quantity that is left to execute, base currency. */
  readonly rest: number;
  /** Best prices of now; undefined if unknown or too old. */
  readonly quote: Quote | undefined;
  readonly instrument: Instrument;
  readonly settings: LiveSettings;
  readonly nowMs: number;
}

export function endStep(answer: ParentEnd['answer'], reason: string): NextStep {
  return { kind: 'END', end: { answer, reason } };
}

/** The largest order of `rest` that the venue takes at once; 0 if it is below one step. */
export function orderQuantity(rest: number, type: 'MARKET' | 'LIMIT', instrument: Instrument): number {
  const { max_qty, market_max_qty } = instrument;
  const max = Number((type === 'MARKET' ? (market_max_qty ?? max_qty) : max_qty) ?? Number.POSITIVE_INFINITY);
  return floorToStep(Math.min(rest, max), stepOf(type, instrument));
}

/** The step of the quantities of an order. */
export function stepOf(type: 'MARKET' | 'LIMIT', { step_size, market_step_size }: Instrument): string {
  return (type === 'MARKET' ? market_step_size : undefined) ?? step_size;
}

/** Why the venue would refuse this entry order; undefined if it would not. Reduce-only orders need no minimum value. */
export function tooSmall(quantity: number, price: number, instrument: Instrument): string | undefined {
  const { min_qty, min_notional } = instrument;
  if (quantity <= 0 || (min_qty !== undefined && quantity < Number(min_qty))) return 'below the smallest quantity';
  return isWorthLess(price, quantity, min_notional) ? 'below the smallest order value' : undefined;
}

/** The price that the decision expected to pay or to get. */
export function decidedPrice({ quote, entry_price }: TradingSignal, action: Action): number {
  return quote === undefined ? entry_price : farSide(action, quote);
}
