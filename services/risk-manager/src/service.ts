import { defineService } from '@helios/shared/runtime/service.ts';

/** Will size and protect live positions later. Until then it is idle in every mode: it only sends a heartbeat. */
export const riskManager = defineService({
  name: 'risk-manager',
  settings: [],
  modes: [],
  start: () => Promise.reject(new Error('risk-manager has no work yet in any mode, and was started in one')),
});
