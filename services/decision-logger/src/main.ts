import { runService } from '@helios/shared/runtime/run-service.ts';
import { decisionLogger } from './service.ts';

await runService(decisionLogger);
