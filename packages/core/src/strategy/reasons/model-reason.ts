import { neededProbability, opinionOn, silenceText } from '../opinion.ts';
import type { Reason } from './reason.ts';

/** A trained model that expects a net gain of our order. A model that abstains is no reason. */
export const modelReason: Reason = {
  code: 'MODEL',
  about: 'The model speaks, and its probability of a net gain reaches `signals.ml_confidence_threshold`.',
  ask: (input) => {
    const base = { code: 'MODEL', horizonMin: input.params.reasons.model_horizon_min } as const;
    const opinion = opinionOn(input);
    if (opinion.kind === 'ABSTAINS') return { ...base, kind: 'NOT_WARM', note: silenceText(input, opinion.reason) };
    const { probability: value } = opinion;
    const limit = neededProbability(input);
    const note = `${input.view.model?.name} expects a net gain with probability ${value.toFixed(2)}`;
    return { ...base, kind: value >= limit ? 'FOUND' : 'ABSENT', value, limit, note };
  },
};
