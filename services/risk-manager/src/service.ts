import { defineService } from '@helios/shared/runtime/service.ts';

/** Will size and protect live positions; until that is built it stands by where trading is simulated and refuses live. */
export const riskManager = defineService({
  name: 'risk-manager',
  settings: [],
  modes: ['live'],
  start: () => Promise.reject(new Error('live trading is not built yet. Remove the API key to simulate.')),
});
