import { neededProbability, opinionOn, silenceText } from '../opinion.ts';
import type { Gate } from './gate.ts';
import { off, weighed } from './verdicts.ts';

/** The model must expect a net gain often enough. A model that abstains refuses nothing. */
export const mlConfidenceGate: Gate = {
  code: 'ML_CONFIDENCE',
  about: 'The model’s probability of profit after costs is too small (probability); off without a model.',
  ask: (input) => {
    const opinion = opinionOn(input);
    if (opinion.kind === 'ABSTAINS') return off('ML_CONFIDENCE', silenceText(input, opinion.reason));
    const limit = neededProbability(input);
    const note = `model: ${input.view.model?.name}`;
    return weighed('ML_CONFIDENCE', opinion.probability >= limit, opinion.probability, limit, note);
  },
};
