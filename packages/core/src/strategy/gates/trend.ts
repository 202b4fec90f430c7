import { KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { Gate } from './gate.ts';
import { notWarm, off, weighed } from './verdicts.ts';

/** Refuses entries against the majority of timeframes. */
export const trendGate: Gate = {
  code: 'TREND',
  about: 'Too many of the warm timeframes, by EMAs and momentum, go against the trade (share of them).',
  ask: ({ side, state, view, params }) => {
    if (!params.trend.enabled) return off('TREND', 'trend.enabled = false');
    const { agreement } = state.klines;
    if (agreement === undefined) {
      const intervals = KlineInterval.options.filter((interval) => params.trend.timeframes.includes(interval));
      const stale = intervals.flatMap((interval) => state.klines.whyStale(interval, view.nowMs) ?? []);
      return notWarm('TREND', stale[0] ?? 'no timeframe has enough closed klines');
    }
    const against = side === 'LONG' ? agreement.down : agreement.up;
    const limit = params.trend.min_agreement;
    return weighed('TREND', against <= limit, against, limit);
  },
};
