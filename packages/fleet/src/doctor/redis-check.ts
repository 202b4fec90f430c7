import type { Settings } from '@helios/shared/domain/settings.ts';
import { messageOf } from '@helios/shared/runtime/cli/run-command.ts';
import { createLogger } from '@helios/shared/runtime/logger.ts';
import { redisAddressOf } from '@helios/shared/runtime/redis/settings-address.ts';
import { connectAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { probeOf } from '../find-redis.ts';
import { inspectServer } from '../inspect-server.ts';
import { isLoopback } from '../private-redis.ts';
import { withKeptPassword } from '../redis-password.ts';
import { type DoctorFinding, fault, note, sound } from './finding.ts';

const CONNECT_WITHIN_MS = 3_000;

/** Checks the Redis of the settings; without one on this machine, `npm start` runs a private one. */
export async function checkRedis(given: Settings['system'], dataDir: string): Promise<DoctorFinding> {
  const place = `${given.redis_host}:${given.redis_port}`;
  const probe = await probeOf(given, CONNECT_WITHIN_MS);
  if (probe.kind === 'NOTHING' && isLoopback(given.redis_host))
    return sound('REDIS', `none at ${place}: npm start runs a private one`);
  if (probe.kind !== 'READY' && probe.kind !== 'PASSWORD_NEEDED')
    return fault(
      'REDIS',
      `no usable Redis at ${place} (${probe.kind})`,
      'Start it, or correct REDIS_HOST and REDIS_PORT',
    );
  const system = await withKeptPassword(given, dataDir);
  const log = createLogger({ service: 'fleet', level: 'error' });
  try {
    const admin = await connectAdmin(redisAddressOf(system), log, CONNECT_WITHIN_MS);
    const warnings = await inspectServer(admin, system).finally(() => admin.close());
    if (warnings[0] !== undefined) return note('REDIS', `${place}: ${warnings.join(' ')}`, 'See the advice above');
    return sound('REDIS', `${place} answers and keeps its data`);
  } catch (error) {
    return fault('REDIS', messageOf(error).replace(/\s*\n\s*/g, ' '), 'Follow the advice, then run this again');
  }
}
