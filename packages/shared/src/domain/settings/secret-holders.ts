import { ServiceName } from '../fleet.ts';

/**
 * The services that know each secret setting. Other services get it neither from their environment nor from the settings
 * files. Every new secret needs a line here and the same holders in docker-compose.yml.
 */
export const SECRET_HOLDERS = {
  'binance.api_key': ['execution-manager'],
  'binance.api_secret': ['execution-manager'],
  'system.redis_password': ServiceName.options,
  'system.redis_url': ServiceName.options,
  'dashboard.password': ['dashboard-api'],
  'reddit.client_id': ['reddit-ingestor'],
  'reddit.client_secret': ['reddit-ingestor'],
  'azure.connection_string': ['monitoring-agent'],
  // Only commands of the operator search.
  'research.queue_url': [],
} as const satisfies Readonly<Record<string, readonly ServiceName[]>>;

/** The secret settings (`section.key`) that a service must not know. */
export function secretsKeptFrom(service: ServiceName): readonly string[] {
  const holders = Object.entries<readonly ServiceName[]>(SECRET_HOLDERS);
  return holders.flatMap(([path, names]) => (names.includes(service) ? [] : [path]));
}
