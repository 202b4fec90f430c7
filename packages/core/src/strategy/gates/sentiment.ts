import { sentimentInForce } from '../sentiment.ts';
import { signOf } from '../side-sign.ts';
import type { Gate } from './gate.ts';
import { off, weighed } from './verdicts.ts';

/**
 * Refuses trades against a strong sentiment. The sentiment of the coin counts before that of the market; without a fresh one the
 * gate is neutral.
 */
export const sentimentGate: Gate = {
  code: 'SENTIMENT',
  about: 'Strong and fresh sentiment is against the trade (score −1..1 in the direction of the trade).',
  ask: ({ side, state, view, params }) => {
    const { enabled, block_score } = params.sentiment;
    if (!enabled) return off('SENTIMENT', 'sentiment.enabled = false');
    const inForce = sentimentInForce(state.sentiment, view.sentiment, view.nowMs, params.sentiment);
    if (inForce === undefined) return { gate: 'SENTIMENT', outcome: 'PASSED', note: 'neutral: no fresh sentiment' };
    const score = signOf(side) * inForce.sentiment.score;
    return weighed('SENTIMENT', score > -block_score, score, -block_score, `of the ${inForce.of}`);
  },
};
