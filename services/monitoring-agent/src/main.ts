import { runService } from '@helios/shared/runtime/run-service.ts';
import { monitoringAgent } from './service.ts';

await runService(monitoringAgent);
