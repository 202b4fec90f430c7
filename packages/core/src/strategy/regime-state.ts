import type { RegimeState } from '@helios/shared/domain/market-state.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import { sixDigits } from '../price/significant-digits.ts';
import { maxHoldMs } from './exit-plan.ts';
import type { SymbolState } from './symbol-state.ts';

/** A symbol's regime with its figures and its current parameters. */
export function regimeStateOf(state: SymbolState, params: StrategyParams, run: string, nowMs: number): RegimeState {
  const { classifier, regime } = state.klines;
  const isStale = state.klines.whyStale(params.regime.interval, nowMs) !== undefined;
  const rounded = (x: number | undefined) => (x === undefined || isStale ? undefined : sixDigits(x));
  return {
    run,
    symbol: state.symbol,
    regime,
    adx: rounded(classifier.adx),
    ema_separation_atr: rounded(classifier.emaSeparationAtr),
    volatility_ratio: rounded(classifier.volatilityRatio),
    volatility_percentile: rounded(classifier.volatilityPercentile),
    nobi_threshold: sixDigits(state.threshold),
    stop_loss_atr: sixDigits(params.risk.stop_loss_atr * state.effect.stopFactor),
    max_hold_sec: maxHoldMs({ regime, horizonMin: undefined }, params) / 1_000,
    blocked: [...state.effect.blocked],
    updated_ts: nowMs,
  };
}
