import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { ReasonCode } from '@helios/shared/domain/signal.ts';

/** Beginning of the names in [reasons] that belong to a reason. */
const PREFIXES = {
  EXHAUSTION: 'exhaustion_',
  TREND: 'trend_',
  RELATIVE_MOMENTUM: 'momentum_',
  SENTIMENT: 'sentiment_',
  MODEL: 'model_',
  IMBALANCE: 'imbalance_',
} as const satisfies Record<ReasonCode, string>;

/** The settings that decide when a reason applies and how long its moves are, as text. */
export function reasonSettings(reason: ReasonCode, { reasons, trend, signals }: StrategyParams): string {
  const own = Object.entries(reasons).filter(([name]) => name.startsWith(PREFIXES[reason]));
  return [...own, ...alsoOf(reason, trend, signals)].map(([name, value]) => `${name}=${value}`).join(' ');
}

function alsoOf(
  reason: ReasonCode,
  { timeframes, ema_fast, ema_slow, momentum_period }: StrategyParams['trend'],
  { nobi_threshold, nobi_quantile, nobi_depth, ml_confidence_threshold }: StrategyParams['signals'],
): readonly [string, unknown][] {
  if (reason === 'TREND') return Object.entries({ timeframes, ema_fast, ema_slow, momentum_period });
  if (reason === 'MODEL') return Object.entries({ ml_confidence_threshold });
  if (reason !== 'IMBALANCE') return [];
  return Object.entries({ nobi_threshold, nobi_depth, ...(nobi_threshold === 'auto' && { nobi_quantile }) });
}
