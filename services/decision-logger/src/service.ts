import { defineService } from '@helios/shared/runtime/service.ts';
import { startLive } from './start-live.ts';
import { startPaper } from './start-paper.ts';

/**
 * Writes the ledger, the Redis projection and the CSV. In public and synthetic it hosts the paper venue; in live it records what
 * risk-manager and execution-manager decided and traded.
 */
export const decisionLogger = defineService({
  name: 'decision-logger',
  settings: ['simulation', 'fees', 'performance', 'risk', 'reasons', 'trading', 'protections', 'system'],
  modes: ['live', 'public', 'synthetic'],
  start: (context) => (context.mode.mode === 'live' ? startLive(context) : startPaper(context)),
});
