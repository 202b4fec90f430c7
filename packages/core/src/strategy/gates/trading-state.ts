import type { Gate } from './gate.ts';

/** Only an ACTIVE fleet enters. */
export const tradingStateGate: Gate = {
  code: 'TRADING_STATE',
  about: 'The fleet is REDUCING or HALTED: the operator stopped or flattened it.',
  ask: ({ view }) => {
    const outcome = view.tradingState === 'ACTIVE' && !view.flattening ? 'PASSED' : 'REFUSED';
    return { gate: 'TRADING_STATE', outcome, note: `trading state ${view.tradingState}` };
  },
};
