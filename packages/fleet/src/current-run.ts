import { Records } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { createLogger } from '@helios/shared/runtime/logger.ts';
import { redisAddressOf } from '@helios/shared/runtime/redis/settings-address.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { probeOf } from './find-redis.ts';
import { withKeptPassword } from './redis-password.ts';

/** The run that Redis names; undefined if no Redis answers or no fleet has started on it. */
export function currentRun(system: Settings['system'], dataDir: string): Promise<string | undefined> {
  return currentFleet(system, dataDir, async (_, { run }) => run);
}

/** Asks the Redis of the fleet that started last; undefined if no Redis answers or no fleet has started on it. */
export async function currentFleet<T>(
  given: Settings['system'],
  dataDir: string,
  ask: (bus: Bus<'fleet'>, mode: FleetMode) => Promise<T>,
): Promise<T | undefined> {
  const { kind } = await probeOf(given, 1_000);
  if (kind !== 'READY' && kind !== 'PASSWORD_NEEDED') return undefined;
  const log = createLogger({ service: 'fleet', write: () => {} });
  try {
    const system = await withKeptPassword(given, dataDir);
    const bus = await connectBus('fleet', { ...redisAddressOf(system), log, connectTimeoutMs: 3_000 });
    try {
      const mode = await bus.getRecord(Records.fleetMode);
      return mode && (await ask(bus, mode));
    } finally {
      await bus.close();
    }
  } catch (error) {
    // Callers read the ledgers as files, without Redis.
    if (error instanceof BusUnavailable) return undefined;
    throw error;
  }
}
