import type { Gate } from './gate.ts';
import { notWarm, off } from './verdicts.ts';

/** A regime may forbid a direction. */
export const regimeGate: Gate = {
  code: 'REGIME',
  about: 'The market regime blocks this direction.',
  ask: ({ side, state, view, params }) => {
    if (!params.regime.enabled) return off('REGIME', 'regime.enabled = false');
    const now = state.klines.regime;
    if (state.effect.blocked.includes(side)) return { gate: 'REGIME', outcome: 'REFUSED', note: now };
    if (now === 'UNKNOWN') {
      const why = state.klines.whyStale(params.regime.interval, view.nowMs);
      return notWarm('REGIME', why ?? `too few closed ${params.regime.interval} klines`);
    }
    return { gate: 'REGIME', outcome: 'PASSED', note: now };
  },
};
