import { runService } from '@helios/shared/runtime/run-service.ts';
import { signalEngine } from './service.ts';

await runService(signalEngine);
