import { defineService } from '@helios/shared/runtime/service.ts';

/** Will send live orders. Until then it stands by in every mode: a heartbeat, no work, no order. */
export const executionManager = defineService({
  name: 'execution-manager',
  settings: [],
  modes: [],
  start: () => Promise.reject(new Error('execution-manager has no work yet in any mode, and was started in one')),
});
