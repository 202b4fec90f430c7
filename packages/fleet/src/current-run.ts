import { Records } from '@helios/shared/contracts/catalog.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { createLogger } from '@helios/shared/runtime/logger.ts';
import { redisAddressOf } from '@helios/shared/runtime/redis/settings-address.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { probeRedis } from '@helios/shared/runtime/redis-probe.ts';

/** The run that Redis names; undefined where no Redis answers or no fleet has started on it. */
export async function currentRun(system: Settings['system']): Promise<string | undefined> {
  const { kind } = await probeRedis(system.redis_host, system.redis_port, 1_000);
  if (kind !== 'READY' && kind !== 'PASSWORD_NEEDED') return undefined;
  const log = createLogger({ service: 'fleet', write: () => {} });
  try {
    const bus = await connectBus('fleet', { ...redisAddressOf(system), log, connectTimeoutMs: 3_000 });
    try {
      return (await bus.getRecord(Records.fleetMode))?.run;
    } finally {
      await bus.close();
    }
  } catch (error) {
    // The ledgers are files: they are read without Redis too.
    if (error instanceof BusUnavailable) return undefined;
    throw error;
  }
}
