import type { Quote } from '@helios/shared/domain/signal.ts';
import { farSide, nearSide } from '../execution/fill.ts';
import type { ChildOrder } from './child-order.ts';
import { decidedPrice, endStep, type NextStep, orderQuantity, type StepView, tooSmall } from './next-step.ts';
import type { ParentOrder } from './parent-order.ts';

/** Pause before the prices are looked at again, ms. */
const PRICE_PAUSE_MS = 100;
const MAX_REFUSALS = 3;

/** The next order of an entry that has no working order. */
export function entryStep(view: StepView): NextStep {
  const { parent, settings } = view;
  if (parent.refusals > 0 && !isCrossing(parent)) return endStep('REJECTED', parent.lastRefusal ?? 'refused');
  if (parent.refusals > MAX_REFUSALS) return endStep('REJECTED', parent.lastRefusal ?? 'refused');
  if (hasRunAway(view)) return endStep('EXPIRED', 'the price moved too far from the decision');
  return settings.execution.entry_style === 'taker' ? takeStep(view) : makerStep(view);
}

/** Whether a resting entry must be cancelled now: its time is over, or a better price to rest at is due. */
export function mustLeave(parent: ParentOrder, child: ChildOrder, view: Omit<StepView, 'rest' | 'parent'>): boolean {
  const { nowMs, quote, settings } = view;
  if (nowMs >= child.restUntilMs) return true;
  const { execution } = child.order;
  if (quote === undefined || execution.type !== 'LIMIT') return false;
  const { maker_reprice_ms, maker_max_reprices } = settings.execution;
  if (parent.attempts > maker_max_reprices || nowMs - child.placedTs < maker_reprice_ms) return false;
  const best = nearSide(parent.action, quote);
  return parent.action === 'BUY' ? best > execution.price : best < execution.price;
}

function makerStep(view: StepView): NextStep {
  const { parent, settings, nowMs, instrument, rest } = view;
  const { maker_timeout_ms, maker_max_reprices, entry_style } = settings.execution;
  const untilMs = parent.receivedTs + maker_timeout_ms;
  if (nowMs >= untilMs || parent.attempts > maker_max_reprices) {
    if (entry_style === 'maker_then_taker') return takeStep(view);
    return endStep('EXPIRED', `not filled within ${maker_timeout_ms} ms at ${parent.attempts} prices`);
  }
  const quote = view.quote ?? firstQuote(parent);
  if (quote === undefined) return { kind: 'WAIT', untilMs: nowMs + PRICE_PAUSE_MS };
  const price = nearSide(parent.action, quote);
  const quantity = orderQuantity(rest, 'LIMIT', instrument);
  const small = tooSmall(quantity, price, instrument);
  if (small) return endStep('EXPIRED', `the rest is ${small}`);
  return { kind: 'PLACE', execution: { type: 'LIMIT', price, timeInForce: 'GTX' }, quantity, restUntilMs: untilMs };
}

function takeStep({ parent, rest, quote, instrument }: StepView): NextStep {
  // The quote of the decision prices the first order only.
  if (quote === undefined && parent.attempts > 0) return endStep('EXPIRED', 'no fresh price to take at');
  if (parent.rung === 'MARKET' && parent.isShort) return endStep('EXPIRED', 'the venue filled no more of it');
  const quantity = orderQuantity(rest, 'MARKET', instrument);
  const price = quote ? farSide(parent.action, quote) : decidedPrice(parent.signal, parent.action);
  const small = tooSmall(quantity, price, instrument);
  if (small) return endStep('EXPIRED', `the rest is ${small}`);
  return { kind: 'PLACE', execution: { type: 'MARKET' }, quantity };
}

/** True if the last refusal says that a post-only order would have taken. */
export function isCrossing({ lastRefusal }: Pick<ParentOrder, 'lastRefusal'>): boolean {
  return lastRefusal?.startsWith('-5022') === true;
}

function firstQuote({ attempts, signal }: ParentOrder): Quote | undefined {
  return attempts === 0 ? signal.quote : undefined;
}

function hasRunAway({ parent, quote, settings }: StepView): boolean {
  if (quote === undefined) return false;
  const decided = decidedPrice(parent.signal, parent.action);
  const worse = farSide(parent.action, quote) - decided;
  const worseBp = (10_000 * (parent.action === 'BUY' ? worse : -worse)) / decided;
  return worseBp > settings.execution.max_chase_bp;
}
