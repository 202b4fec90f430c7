import type { Gate } from './gate.ts';
import { off } from './verdicts.ts';

/** Asks the model; there is none yet, and every decision says so. */
export const mlConfidenceGate: Gate = {
  code: 'ML_CONFIDENCE',
  about: 'The model gives the trade too small a chance of profit after costs (probability); off without a model.',
  ask: () => off('ML_CONFIDENCE', 'model: none'),
};
