import type { Gate } from './gate.ts';
import { notWarm } from './verdicts.ts';

/** An imbalance tells the moment of an entry. Without a reason for a longer move the costs exceed the gain. */
export const reasonGate: Gate = {
  code: 'REASON',
  about: 'No reason of `reasons.enabled` points in the direction of the trigger (strength of the first one).',
  ask: ({ reason: { kind, code, value, limit, note } }) => {
    if (kind === 'NOT_WARM') return { ...notWarm('REASON', `${code}: ${note}`), outcome: 'REFUSED' };
    return {
      gate: 'REASON',
      outcome: kind === 'FOUND' ? 'PASSED' : 'REFUSED',
      ...(value !== undefined && limit !== undefined && { value, limit }),
      note: `${code}: ${note}`,
    };
  },
};
