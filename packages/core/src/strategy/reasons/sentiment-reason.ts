import { sentimentInForce } from '../sentiment.ts';
import { signOf } from '../side-sign.ts';
import type { Reason } from './reason.ts';

/** A strong sentiment of the coin or of the market. */
export const sentimentReason: Reason = {
  code: 'SENTIMENT',
  about: 'Fresh sentiment of at least `reasons.sentiment_score` points in the direction.',
  ask: ({ side, state, view, params: { reasons, sentiment } }) => {
    const base = { code: 'SENTIMENT', horizonMin: reasons.sentiment_horizon_min } as const;
    const inForce = sentimentInForce(state.sentiment, view.sentiment, view.nowMs, sentiment);
    if (inForce === undefined) return { ...base, kind: 'NOT_WARM', note: 'no fresh sentiment' };
    const value = signOf(side) * inForce.sentiment.score;
    const limit = reasons.sentiment_score;
    const note = `score ${inForce.sentiment.score.toFixed(2)} of the ${inForce.of}`;
    return { ...base, kind: value >= limit ? 'FOUND' : 'ABSENT', value, limit, note };
  },
};
