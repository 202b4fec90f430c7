import { signOf } from '../side-sign.ts';
import type { Reason } from './reason.ts';

/** A coin that outran the others of the watchlist, or fell behind them, goes on for some time. */
export const relativeMomentumReason: Reason = {
  code: 'RELATIVE_MOMENTUM',
  about:
    'The return of `reasons.momentum_minutes` beats the mean of all watched symbols by `reasons.momentum_sigmas` standard deviations.',
  ask: ({ side, state, view, params: { reasons } }) => {
    const { momentum_minutes: minutes, momentum_sigmas: limit, momentum_horizon_min: horizonMin } = reasons;
    const base = { code: 'RELATIVE_MOMENTUM', horizonMin } as const;
    const own = state.klines.moveOver(minutes);
    const market = view.meanMove(minutes);
    if (own === undefined || market === undefined) {
      const note = state.klines.whyStale('1m', view.nowMs) ?? 'fewer than three symbols have half a day of 1m klines';
      return { ...base, kind: 'NOT_WARM', note };
    }
    const value = signOf(side) * (own - market);
    const note = `${(own - market).toFixed(1)} σ against the mean of the watchlist in ${minutes} min`;
    return { ...base, kind: value >= limit ? 'FOUND' : 'ABSENT', value, limit, note };
  },
};
