import { isIP } from 'node:net';
import type { Settings } from '@helios/shared/domain/settings.ts';

/** redis-cli arguments for the address; the password goes through the environment. */
export function placeArguments(system: Settings['system']): string[] {
  const user = system.redis_username === '' ? [] : ['--user', system.redis_username];
  const authority = system.redis_tls_ca === '' ? [] : ['--cacert', system.redis_tls_ca];
  const tls = system.redis_tls
    ? ['--tls', ...(isIP(system.redis_host) === 0 ? ['--sni', system.redis_host] : []), ...authority]
    : [];
  return ['-h', system.redis_host, '-p', String(system.redis_port), '-n', String(system.redis_db), ...user, ...tls];
}
