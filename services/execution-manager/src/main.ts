import { runService } from '@helios/shared/runtime/run-service.ts';
import { executionManager } from './service.ts';

await runService(executionManager);
