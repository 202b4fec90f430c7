import type { SentimentState } from '../../../domain/market-state.ts';
import { signOf } from '../side-sign.ts';
import type { Gate } from './gate.ts';
import { off, weighed } from './verdicts.ts';

/** A mood is used while it is younger than its limit; one from the future of a replay is not known yet. */
function fresh(mood: SentimentState | undefined, nowMs: number, maxAgeMs: number): SentimentState | undefined {
  if (mood === undefined) return undefined;
  const ageMs = nowMs - mood.updated_ts;
  return ageMs >= 0 && ageMs <= maxAgeMs ? mood : undefined;
}

/** A strong mood against the trade; the coin's own before the market's, neutral where neither is fresh. */
export const sentiment: Gate = {
  code: 'SENTIMENT',
  about: 'A strong and fresh mood goes against the trade (score −1..1 in the direction of the trade).',
  ask: ({ side, state, view, params }) => {
    const { enabled, block_score, max_age_sec } = params.sentiment;
    if (!enabled) return off('SENTIMENT', 'sentiment.enabled = false');
    const maxAgeMs = max_age_sec * 1_000;
    const own = fresh(state.sentiment, view.nowMs, maxAgeMs);
    const mood = own ?? fresh(view.sentiment, view.nowMs, maxAgeMs);
    if (mood === undefined) return { gate: 'SENTIMENT', outcome: 'PASSED', note: 'neutral: no fresh sentiment' };
    const score = signOf(side) * mood.score;
    return weighed('SENTIMENT', score > -block_score, score, -block_score, own ? 'of the coin' : 'of the market');
  },
};
