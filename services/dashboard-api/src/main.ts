import { runService } from '@helios/shared/runtime/run-service.ts';
import { dashboardApi } from './service.ts';

await runService(dashboardApi);
