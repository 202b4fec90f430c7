import type { Reason } from './reason.ts';

/** The trigger as its own reason: the baseline that other reasons have to beat. */
export const imbalanceAlone: Reason = {
  code: 'IMBALANCE',
  about: 'The imbalance itself, without any other reason; distances and holding time are those of the settings.',
  ask: ({ state }) => ({
    code: 'IMBALANCE',
    kind: 'FOUND',
    horizonMin: undefined,
    value: Math.abs(state.market.nobi ?? 0),
    limit: state.threshold,
    note: 'imbalance alone',
  }),
};
