import type { Mode, ServiceName } from '@helios/shared/domain/fleet.ts';

/** The services of a mode in start order: each reader starts before its writers. */
export function servicesOf(mode: Mode, options: { readonly redditEnabled: boolean }): readonly ServiceName[] {
  const live = mode === 'live';
  return [
    'monitoring-agent',
    'decision-logger',
    ...(live ? (['execution-manager', 'risk-manager'] as const) : []),
    'signal-engine',
    'dashboard-api',
    ...(options.redditEnabled ? (['reddit-ingestor'] as const) : []),
    mode === 'public' ? 'public-price-ingestor' : 'data-ingestor',
  ];
}
