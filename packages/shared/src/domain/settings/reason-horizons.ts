import type { StrategyParams } from '../settings.ts';
import type { ReasonCode } from '../signal.ts';

/** The setting with the horizon of each reason that has one. */
export const HORIZON_KEYS = {
  EXHAUSTION: 'exhaustion_horizon_min',
  TREND: 'trend_horizon_min',
  RELATIVE_MOMENTUM: 'momentum_horizon_min',
  SENTIMENT: 'sentiment_horizon_min',
  MODEL: 'model_horizon_min',
} as const satisfies Partial<Record<ReasonCode, keyof StrategyParams['reasons']>>;

/** The setting with the horizon of a reason; undefined if it has none. */
export function horizonKeyOf(reason: string): (typeof HORIZON_KEYS)[keyof typeof HORIZON_KEYS] | undefined {
  return reason in HORIZON_KEYS ? HORIZON_KEYS[reason as keyof typeof HORIZON_KEYS] : undefined;
}
