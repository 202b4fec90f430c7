import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { ExitReason } from '@helios/shared/domain/signal.ts';
import { isUrgentExit } from '../execution/fees.ts';
import { type Action, farSide, nearSide } from '../execution/fill.ts';
import { gridOfTick, priceBeside } from '../price/price-grid.ts';
import { ceilToStep } from '../price/step-grid.ts';
import type { LiveSettings } from './live-settings.ts';
import { type NextStep, orderQuantity, type StepView, stepOf } from './next-step.ts';
import type { ExitRung } from './parent-order.ts';

/** Refusals in a row after which an alarm is raised; from then on one attempt per long pause. */
export const MAX_EXIT_REFUSALS = 8;
const FIRST_PAUSE_MS = 200;
const ALARM_PAUSE_MS = 5_000;

/** Where the ladder of an exit starts. An exit that cannot wait takes at any price at once. */
export function firstRung(reason: ExitReason | undefined, { execution }: LiveSettings): ExitRung {
  if (isUrgentExit(reason)) return 'MARKET';
  return execution.exit_rest_ms === 0 ? 'IOC' : 'REST';
}

/** Rung after one whose order did not close everything. */
export function nextRung(rung: ExitRung): ExitRung {
  return rung === 'REST' ? 'IOC' : 'MARKET';
}

/** The next order of an exit that has no working order; all are reduce-only. Without a fresh price it takes at any price. */
export function exitStep({ parent, rest, quote, instrument, settings, nowMs }: StepView): NextStep {
  const { rung, action } = parent;
  if (rung !== 'MARKET' && quote !== undefined) {
    const quantity = reducingQuantity(rest, 'LIMIT', instrument);
    const { exit_rest_ms, exit_ioc_bp } = settings.execution;
    if (rung === 'REST') {
      const execution = { type: 'LIMIT', price: nearSide(action, quote), timeInForce: 'GTX' } as const;
      return { kind: 'PLACE', execution, quantity, restUntilMs: nowMs + exit_rest_ms };
    }
    const price = beyond(action, farSide(action, quote), exit_ioc_bp, instrument);
    return { kind: 'PLACE', execution: { type: 'LIMIT', price, timeInForce: 'IOC' }, quantity };
  }
  return { kind: 'PLACE', execution: { type: 'MARKET' }, quantity: reducingQuantity(rest, 'MARKET', instrument) };
}

/** Pause after this many refusals in a row, ms. */
export function exitPauseMs(refusals: number): number {
  if (refusals >= MAX_EXIT_REFUSALS) return ALARM_PAUSE_MS;
  return refusals === 0 ? 0 : FIRST_PAUSE_MS * 2 ** Math.min(refusals - 1, 3);
}

/** A price `bp` basis points worse than `price` for the taker, on the tick. */
function beyond(action: Action, price: number, bp: number, { tick_size }: Instrument): number {
  const distance = (price * bp) / 10_000;
  if (distance === 0) return price;
  return priceBeside(price, action === 'BUY' ? distance : -distance, gridOfTick(tick_size));
}

/** A rest below one step, which a grown step leaves, is closed by one step: a reduce-only order closes no more than is open. */
function reducingQuantity(rest: number, type: 'MARKET' | 'LIMIT', instrument: Instrument): number {
  const quantity = orderQuantity(rest, type, instrument);
  return quantity > 0 ? quantity : ceilToStep(rest, stepOf(type, instrument));
}
