import { ENTRY_MAX_AGE_MS } from '@helios/shared/domain/freshness.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { RiskRuleResult } from '@helios/shared/domain/risk-rule.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { denialText, sizeEntry } from '../execution/entry-size.ts';
import type { FillPlan } from '../execution/fill.ts';
import { riskDenialText } from '../risk/denial-text.ts';
import type { EntryAnswer } from '../trading/paper-account.ts';
import type { SimulatorParams } from '../trading/simulator-port.ts';
import { type EntryRefusal, refuseHandMade } from './hand-made-signal.ts';

/** State of the paper account when an entry arrives. */
export interface EntryContext {
  readonly plan: FillPlan;
  /** The position that the entry would replace. */
  readonly position: OpenPosition | undefined;
  /** True if any book was seen, of any age, even one-sided. */
  readonly marketIsKnown: boolean;
  readonly instrument: Instrument | undefined;
  readonly simulation: SimulatorParams['simulation'];
  /** Risk assessment; undefined if the size is fixed. */
  readonly assess: ((signal: TradingSignal, plan: FillPlan) => EntryAnswer) | undefined;
  readonly nowMs: number;
}

/** The quantity of an entry in base currency, or the refusal. */
export type EntryJudgement =
  | { readonly kind: 'SIZED'; readonly quantity: number; readonly rules?: readonly RiskRuleResult[] }
  | { readonly kind: 'REFUSED'; readonly refusal: EntryRefusal };

/**
 * Checks an entry's age, then the rules for hand-made entries, then its size: by risk, or a fixed size by the instrument's
 * filters.
 */
export function judgeEntry(signal: TradingSignal, context: EntryContext): EntryJudgement {
  const { plan, position, marketIsKnown, assess, nowMs } = context;
  // Uses the creation time, which an author who types a timestamp cannot set.
  const ageMs = nowMs - signal.ts_init;
  if (ageMs > ENTRY_MAX_AGE_MS) {
    const remark = `too old: read ${Math.round(ageMs / 1_000)} s after it was made`;
    return { kind: 'REFUSED', refusal: { outcome: 'MISSED', denial: undefined, remark } };
  }
  const refusal = refuseHandMade(signal, plan.price, position, marketIsKnown);
  if (refusal) return { kind: 'REFUSED', refusal };
  return assess ? byRisk(signal, assess(signal, plan), nowMs) : byFixedSize(signal, context);
}

function byRisk(signal: TradingSignal, answer: EntryAnswer, nowMs: number): EntryJudgement {
  if (answer.kind === 'SIZED') return answer;
  const { denial, rules } = answer;
  const remark = riskDenialText(denial, signal.symbol, nowMs);
  return { kind: 'REFUSED', refusal: { outcome: 'DENIED', denial, rules, remark } };
}

function byFixedSize(signal: TradingSignal, { plan, instrument, simulation }: EntryContext): EntryJudgement {
  const size = sizeEntry(simulation, instrument, plan.price, plan.kind === 'REST' ? 'LIMIT' : 'MARKET');
  if (size.kind === 'SIZED') return size;
  const { denial } = size;
  const remark = denialText(denial, simulation, signal.symbol);
  return { kind: 'REFUSED', refusal: { outcome: 'DENIED', denial, remark } };
}
