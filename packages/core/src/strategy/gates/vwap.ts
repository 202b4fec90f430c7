import { signOf } from '../side-sign.ts';
import type { Gate } from './gate.ts';
import { notWarm, off, weighed } from './verdicts.ts';

/** A price far from the VWAP of the day, in the direction of the trade, tends to come back. */
export const vwapGate: Gate = {
  code: 'VWAP',
  about:
    'The price is too far beyond the session VWAP in the direction of the trade (ATRs; negative: on the near side).',
  ask: ({ side, state, view, params }) => {
    if (!params.signals.vwap_gate) return off('VWAP', 'signals.vwap_gate = false');
    const { vwap: average, atr } = state.klines;
    if (average === undefined || atr === undefined) {
      return notWarm('VWAP', state.klines.whyStale('1m', view.nowMs) ?? 'no session VWAP or ATR yet');
    }
    if (atr === 0) return notWarm('VWAP', 'the ATR is 0: nothing has moved');
    const distance = (signOf(side) * (state.market.mid - average)) / atr;
    const limit = params.signals.max_vwap_distance_atr;
    return weighed('VWAP', distance <= limit, distance, limit);
  },
};
