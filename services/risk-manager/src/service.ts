import { defineService } from '@helios/shared/runtime/service.ts';

/** Will size and protect live positions. Until then it stands by in every mode: a heartbeat, no work. */
export const riskManager = defineService({
  name: 'risk-manager',
  settings: [],
  modes: [],
  start: () => Promise.reject(new Error('risk-manager has no work yet in any mode, and was started in one')),
});
