import type { MarketRegime } from '@helios/shared/domain/signal.ts';
import { missingValues } from './missing.ts';

/** The features `regime_trend` and `regime_volatile`; missing while the regime is unknown. */
export function regimeValues(regime: MarketRegime): number[] {
  if (regime === 'UNKNOWN') return missingValues(2);
  const trend = Number(regime === 'TRENDING_UP') - Number(regime === 'TRENDING_DOWN');
  return [trend, Number(regime === 'VOLATILE') - Number(regime === 'QUIET')];
}
