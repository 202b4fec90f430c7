import { runService } from '@helios/shared/runtime/run-service.ts';
import { dataIngestor } from './service.ts';

await runService(dataIngestor);
