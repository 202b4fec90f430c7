import { runService } from '@helios/shared/runtime/run-service.ts';
import { riskManager } from './service.ts';

await runService(riskManager);
