import { runService } from '@helios/shared/runtime/run-service.ts';
import { redditIngestor } from './service.ts';

await runService(redditIngestor);
