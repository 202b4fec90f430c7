import type { Settings } from '@helios/shared/domain/settings.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { parseRedisUrl } from '@helios/shared/runtime/config/redis-url.ts';
import type { RedisAddress } from '@helios/shared/runtime/redis/connection.ts';
import { redisAddressOf } from '@helios/shared/runtime/redis/settings-address.ts';

/**
 * The Redis of `--queue ADDRESS`; without an address that of the setting research.queue_url. An encrypted one is checked by
 * system.redis_tls_ca.
 * @throws CommandLineError without a valid address; the message never contains the address, which may hold a password
 */
export function readQueueAddress(line: CommandLine, settings: Pick<Settings, 'research' | 'system'>): RedisAddress {
  const typed = line.text('queue');
  const text = typed ?? settings.research.queue_url;
  if (text === '')
    throw line.problem(
      'Name the Redis of the search: --queue redis://:password@host:port, or the setting research.queue_url (RESEARCH_QUEUE_URL in .env).',
    );
  const parts = parseRedisUrl(text);
  const where = typed === undefined ? 'The setting research.queue_url' : 'The address of --queue';
  if ('what' in parts) throw line.problem(`${where} ${parts.what}. ${parts.fix}.`);
  const byKey = Object.entries(parts).map(([path, value]) => [path.replace('system.', ''), value]);
  return redisAddressOf({ ...settings.system, ...Object.fromEntries(byKey) });
}
