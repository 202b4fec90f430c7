import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { Gate } from './gate.ts';
import { weighed } from './verdicts.ts';

/** Minimum time between two entries on one symbol, seconds: `cooldown_sec` in the HF modes, `cooldown_lf_sec` in the LF modes. */
export function cooldownSec(params: Pick<StrategyParams, 'signals' | 'simulation'>): number {
  const slow = params.simulation.mode === 'LF_MARKET' || params.simulation.mode === 'LF_LIMIT';
  return slow ? params.signals.cooldown_lf_sec : params.signals.cooldown_sec;
}

/** Allows one entry per symbol and cooldown, whatever its outcome. */
export const cooldownGate: Gate = {
  code: 'COOLDOWN',
  about: 'The last entry signal on the symbol is younger than the cooldown of the mode (seconds).',
  ask: ({ state, view, params }) => {
    if (state.lastEntry === undefined) return { gate: 'COOLDOWN', outcome: 'PASSED', note: 'no entry yet' };
    const limit = cooldownSec(params);
    const sinceSec = (view.nowMs - state.lastEntry.timestamp) / 1_000;
    return weighed('COOLDOWN', sinceSec >= limit, sinceSec, limit);
  },
};
