import { defineService } from '@helios/shared/runtime/service.ts';

/** Will send live orders later. Until then it is idle in every mode: it sends a heartbeat and no orders. */
export const executionManager = defineService({
  name: 'execution-manager',
  settings: [],
  modes: [],
  start: () => Promise.reject(new Error('execution-manager has no work yet in any mode, and was started in one')),
});
