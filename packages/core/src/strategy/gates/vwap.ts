import { signOf } from '../side-sign.ts';
import type { Gate } from './gate.ts';
import { notWarm, off, weighed } from './verdicts.ts';

/**
 * A price far from the VWAP of the day, in the direction of the trade, tends to come back. The distance is counted in the session's
 * own σ, so that an hour and a whole day, a calm and a wild one have one limit. A price that rises evenly all day is √3 σ away, so
 * a steady trend passes. In the first minutes of a day the σ is tiny; it counts as at least one ATR.
 */
export const vwapGate: Gate = {
  code: 'VWAP',
  about:
    'The price is too far beyond the session VWAP in the direction of the trade (σ of the session; negative: on the near side).',
  ask: ({ side, state, view, params }) => {
    if (!params.signals.vwap_gate) return off('VWAP', 'signals.vwap_gate = false');
    const { vwap: average, vwapSigma: sigma, atr } = state.klines;
    if (average === undefined || sigma === undefined || atr === undefined) {
      return notWarm('VWAP', state.klines.whyStale('1m', view.nowMs) ?? 'no VWAP since 00:00 UTC, or no ATR yet');
    }
    const scale = Math.max(sigma, atr);
    if (scale === 0) return notWarm('VWAP', 'nothing has moved since 00:00 UTC');
    const distance = (signOf(side) * (state.market.mid - average)) / scale;
    const limit = params.signals.max_vwap_distance_sigma;
    return weighed('VWAP', distance <= limit, distance, limit);
  },
};
