import { resolve } from 'node:path';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { Heartbeat, ServiceName } from '@helios/shared/domain/fleet.ts';
import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { createLogger } from '@helios/shared/runtime/logger.ts';
import { redisAddressOf } from '@helios/shared/runtime/redis/settings-address.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { describeStatus } from './status-table.ts';
import { runningSupervisor } from './supervisor-file.ts';

/** `npm run status`: exit code 0 when the fleet runs and every service is up, else 1. */
async function main(): Promise<number> {
  const root = resolve(import.meta.dirname, '../../..');
  const { settings } = loadSettings({ env: process.env, root });
  const { system, dashboard } = settings;
  const running = runningSupervisor(resolve(root, system.data_dir));
  if (running === undefined) {
    console.log('No fleet is running. Start it: ALLOW_SYNTHETIC=true npm start');
    return 1;
  }
  console.log(
    `Supervisor: process ${running.pid}, since ${new Date(running.started_ts).toISOString()}${running.detached ? ', in the background' : ''}`,
  );
  const log = createLogger({ service: 'fleet', write: () => {} });
  const bus = await connectBus('fleet', { ...redisAddressOf(system), log, connectTimeoutMs: 3_000 });
  try {
    const known = Object.values(await bus.getMap(Maps.supervisedServices));
    const services = await Promise.all(
      known.map(async (service) => ({ known: service, beat: await beatOf(service.service) })),
    );
    const [mode, state] = await Promise.all([bus.getRecord(Records.fleetMode), bus.getRecord(Records.fleetState)]);
    const lines = describeStatus({ mode, state, services }, Date.now());
    for (const line of lines) console.log(line);
    console.log(`Dashboard: http://${dashboard.host}:${dashboard.port}`);
    return services.length > 0 && services.every((service) => service.known.state === 'RUNNING') ? 0 : 1;
  } finally {
    await bus.close();
  }

  function beatOf(service: ServiceName): Promise<Heartbeat | undefined> {
    return bus.getRecord(Records.heartbeat, { service });
  }
}

await runCommand('status', main);
