import { readFileSync } from 'node:fs';
import type { Settings } from '../../domain/settings.ts';
import { HopelessStart } from '../errors.ts';
import type { RedisAddress } from './connection.ts';

/**
 * The address of Redis by the settings.
 * @throws HopelessStart if the file of its certificate authority cannot be read.
 */
export function redisAddressOf(system: Settings['system']): RedisAddress {
  return {
    host: system.redis_host,
    port: system.redis_port,
    db: system.redis_db,
    username: system.redis_username || undefined,
    password: system.redis_password || undefined,
    tls: system.redis_tls ? { ca: authorityIn(system.redis_tls_ca) } : undefined,
  };
}

function authorityIn(file: string): string | undefined {
  if (file === '') return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new HopelessStart(
      `The certificate authority of Redis, ${file}, cannot be read (${code}). Correct REDIS_TLS_CA, or make the file readable for this user.`,
    );
  }
}
