import { ServiceName } from '../domain/fleet.ts';

/** Groups of services that entries name as writers or readers. */
export const ALL_SERVICES = ServiceName.options;
export const ingestors = ['data-ingestor', 'public-price-ingestor'] as const;
export const observers = ['monitoring-agent', 'dashboard-api'] as const;
