import { runService } from '@helios/shared/runtime/run-service.ts';
import { publicPriceIngestor } from './service.ts';

await runService(publicPriceIngestor);
