import type { Reason } from './reason.ts';

/**
 * Falls of several standard deviations within an hour are partly taken back over the next half hour. Rises are not: for SHORT the
 * same rule earned nothing on 58 coin-months (docs/strategy.md).
 */
export const exhaustionReason: Reason = {
  code: 'EXHAUSTION',
  about:
    'LONG after a fall: the return of `reasons.exhaustion_minutes` is at or below −`reasons.exhaustion_sigmas` standard deviations.',
  ask: ({ side, state, view, params: { reasons } }) => {
    const { exhaustion_minutes: minutes, exhaustion_sigmas: limit, exhaustion_horizon_min: horizonMin } = reasons;
    const base = { code: 'EXHAUSTION', horizonMin } as const;
    const move = state.klines.moveOver(minutes);
    if (move === undefined) {
      const note = state.klines.whyStale('1m', view.nowMs) ?? 'less than half a day of 1m klines';
      return { ...base, kind: 'NOT_WARM', note };
    }
    const note = `${move.toFixed(1)} σ in ${minutes} min`;
    const found = side === 'LONG' && move <= -limit;
    return { ...base, kind: found ? 'FOUND' : 'ABSENT', value: -move, limit, note };
  },
  isAway: ({ klines }, { reasons }) => {
    const move = klines.moveOver(reasons.exhaustion_minutes);
    return move === undefined || move > -reasons.exhaustion_sigmas;
  },
};
