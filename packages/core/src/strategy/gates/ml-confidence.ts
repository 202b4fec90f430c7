import type { Gate } from './gate.ts';
import { off } from './verdicts.ts';

/** Placeholder for a model. No model exists yet, and every decision says so. */
export const mlConfidenceGate: Gate = {
  code: 'ML_CONFIDENCE',
  about: 'The model’s probability of profit after costs is too small (probability); off without a model.',
  ask: () => off('ML_CONFIDENCE', 'model: none'),
};
