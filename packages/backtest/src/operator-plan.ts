import type { TradingState } from '@helios/shared/domain/trading-state.ts';

/** Flatten and Start, pressed in turns during a run; times are ms of the market. */
export interface OperatorPlan {
  readonly startTs: number;
  /** From the start, or from one Flatten to the next. */
  readonly flattenEveryMs: number;
  /** From a Flatten to the Start after it; less than `flattenEveryMs`. */
  readonly resumeAfterMs: number;
}

/** A change of the trading state that is due. */
export interface PlannedState {
  readonly state: TradingState;
  readonly isFlattening: boolean;
}

const NONE: readonly PlannedState[] = [];

/** The changes that are due after `afterTs` and until `untilTs`, in order. */
export function dueChanges(plan: OperatorPlan | undefined, afterTs: number, untilTs: number): readonly PlannedState[] {
  if (plan === undefined) return NONE;
  const { startTs, flattenEveryMs, resumeAfterMs } = plan;
  const changes: PlannedState[] = [];
  const first = Math.max(1, Math.floor((afterTs - startTs) / flattenEveryMs));
  for (let turn = first; startTs + turn * flattenEveryMs <= untilTs; turn += 1) {
    const flattenTs = startTs + turn * flattenEveryMs;
    const resumeTs = flattenTs + resumeAfterMs;
    if (flattenTs > afterTs) changes.push({ state: 'REDUCING', isFlattening: true });
    if (resumeTs > afterTs && resumeTs <= untilTs) changes.push({ state: 'ACTIVE', isFlattening: false });
  }
  return changes;
}

/** The last Start at or before `ts`, epoch ms; the begin of the run if there was none. */
export function lastResume({ startTs, flattenEveryMs, resumeAfterMs }: OperatorPlan, ts: number): number {
  const turn = Math.floor((ts - startTs - resumeAfterMs) / flattenEveryMs);
  return turn < 1 ? startTs : startTs + turn * flattenEveryMs + resumeAfterMs;
}
