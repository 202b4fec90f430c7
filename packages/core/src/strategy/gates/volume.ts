import type { Gate } from './gate.ts';
import { notWarm, off, weighed } from './verdicts.ts';

/** Without trades, imbalance means little. */
export const volumeGate: Gate = {
  code: 'VOLUME',
  about: 'The last closed 1m kline has too little volume (share of the mean of twenty).',
  ask: ({ state, view, params }) => {
    if (!params.signals.volume_gate) return off('VOLUME', 'signals.volume_gate = false');
    const ratio = state.klines.volumeRatio;
    if (ratio === undefined) {
      const why = state.klines.whyStale('1m', view.nowMs);
      return notWarm('VOLUME', why ?? 'fewer than 20 closed 1m klines with volume');
    }
    const limit = params.signals.min_volume_ratio;
    return weighed('VOLUME', ratio >= limit, ratio, limit);
  },
};
