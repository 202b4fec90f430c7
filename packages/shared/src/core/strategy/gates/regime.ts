import type { Gate } from './gate.ts';
import { notWarm, off } from './verdicts.ts';

/** A regime may forbid a direction. */
export const regime: Gate = {
  code: 'REGIME',
  about: 'The market regime blocks this direction.',
  ask: ({ side, state, params }) => {
    if (!params.regime.enabled) return off('REGIME', 'regime.enabled = false');
    const now = state.candles.regime;
    if (now === 'UNKNOWN') return notWarm('REGIME', `too few closed ${params.regime.interval} candles`);
    const outcome = state.effect.blocked.includes(side) ? 'REFUSED' : 'PASSED';
    return { gate: 'REGIME', outcome, note: now };
  },
};
