import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { ReasonCode } from '@helios/shared/domain/signal.ts';
import type { SymbolState } from '../symbol-state.ts';
import { exhaustionReason } from './exhaustion.ts';
import { imbalanceAlone } from './imbalance-alone.ts';
import { modelReason } from './model-reason.ts';
import type { Reason, ReasonInput, ReasonVerdict } from './reason.ts';
import { relativeMomentumReason } from './relative-momentum.ts';
import { sentimentReason } from './sentiment-reason.ts';
import { trendReason } from './trend-reason.ts';

/** All reasons. */
export const REASONS: Readonly<Record<ReasonCode, Reason>> = {
  EXHAUSTION: exhaustionReason,
  TREND: trendReason,
  RELATIVE_MOMENTUM: relativeMomentumReason,
  SENTIMENT: sentimentReason,
  MODEL: modelReason,
  IMBALANCE: imbalanceAlone,
};

/** The first enabled reason, in the order of the setting, that points in the direction of the trigger; else why the first one does not. */
export function reasonFor(input: ReasonInput): ReasonVerdict {
  let absent: ReasonVerdict | undefined;
  for (const code of enabledReasons(input.params)) {
    const verdict = REASONS[code].ask(input);
    if (verdict.kind === 'FOUND') return verdict;
    absent ??= verdict;
  }
  return absent ?? imbalanceAlone.ask(input);
}

/** True if no enabled reason points in any direction before the next kline: until then no trigger has one. */
export function areReasonsAway(state: SymbolState, params: StrategyParams): boolean {
  const enabled = enabledReasons(params);
  return enabled.length > 0 && enabled.every((code) => REASONS[code].isAway?.(state, params) === true);
}

/** The reasons that may open a position, in their order. */
export function enabledReasons({ reasons }: Pick<StrategyParams, 'reasons'>): readonly ReasonCode[] {
  // The settings are checked at the start: every word is a code.
  return reasons.enabled as readonly ReasonCode[];
}
