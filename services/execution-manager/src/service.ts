import { defineService } from '@helios/shared/runtime/service.ts';

/** Will send live orders; until that is built it stands by where trading is simulated and refuses live. */
export const executionManager = defineService({
  name: 'execution-manager',
  settings: [],
  modes: ['live'],
  start: () => Promise.reject(new Error('live trading is not built yet. Remove the API key to simulate.')),
});
