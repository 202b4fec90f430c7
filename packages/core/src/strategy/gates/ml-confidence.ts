import type { Abstention } from '../../model/trading-model.ts';
import { opinionOn } from '../opinion.ts';
import type { Gate } from './gate.ts';
import { off, weighed } from './verdicts.ts';

/** Limit of `auto` for a model that does not say from which probability on a candidate pays. */
const EVEN_CHANCE = 0.5;

const WHY: Readonly<Record<Abstention, string>> = {
  NO_MODEL: 'model: none',
  NO_FEATURES: 'there are no features to judge',
  MAY_NOT_SPEAK: 'it has not proved itself on this symbol',
  EXPIRED: 'it has expired; train it again',
  OUT_OF_RANGE: 'too many features lie outside what it was trained on',
  DRIFTED: 'the market has drifted away from what it was trained on',
  OUTCOMES_DIFFER: 'outcomes do not match its probabilities',
};

/** The model must expect a net gain often enough. A model that abstains refuses nothing. */
export const mlConfidenceGate: Gate = {
  code: 'ML_CONFIDENCE',
  about: 'The model’s probability of profit after costs is too small (probability); off without a model.',
  ask: (input) => {
    const { model } = input.view;
    const opinion = opinionOn(input);
    if (model === undefined) return off('ML_CONFIDENCE', WHY.NO_MODEL);
    if (opinion.kind === 'ABSTAINS')
      return off('ML_CONFIDENCE', `MODEL_ABSTAINS ${opinion.reason}: ${model.name}: ${WHY[opinion.reason]}`);
    const setting = input.params.signals.ml_confidence_threshold;
    const limit = setting === 'auto' ? (model.breakEven ?? EVEN_CHANCE) : setting;
    return weighed('ML_CONFIDENCE', opinion.probability >= limit, opinion.probability, limit, `model: ${model.name}`);
  },
};
