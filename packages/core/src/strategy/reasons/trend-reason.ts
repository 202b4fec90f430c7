import type { Reason } from './reason.ts';

/** Timeframes that agree, by averages and momentum. */
export const trendReason: Reason = {
  code: 'TREND',
  about: 'At least `reasons.trend_agreement` of the warm timeframes vote for the direction.',
  ask: ({ side, state, params: { reasons } }) => {
    const base = { code: 'TREND', horizonMin: reasons.trend_horizon_min } as const;
    const { agreement } = state.klines;
    if (agreement === undefined) return { ...base, kind: 'NOT_WARM', note: 'no timeframe has enough closed klines' };
    const value = side === 'LONG' ? agreement.up : agreement.down;
    const limit = reasons.trend_agreement;
    const note = `${Math.round(100 * value)} % of the timeframes agree`;
    return { ...base, kind: value >= limit ? 'FOUND' : 'ABSENT', value, limit, note };
  },
};
