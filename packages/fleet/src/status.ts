import { resolve } from 'node:path';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { printable } from '@helios/shared/runtime/cli/printable.ts';
import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { createLogger } from '@helios/shared/runtime/logger.ts';
import { redisAddressOf } from '@helios/shared/runtime/redis/settings-address.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { servicesByHeartbeat } from './container-services.ts';
import { withKeptPassword } from './redis-password.ts';
import { describeStatus, type FleetStatus, withSilence } from './status-table.ts';
import { runningSupervisor, withRedisOfFleet } from './supervisor-file.ts';

/** `npm run status`: exit code 0 if the fleet runs and every service is up, else 1. */
async function main(): Promise<number> {
  const root = resolve(import.meta.dirname, '../../..');
  const { settings } = loadSettings({ env: process.env, root });
  const { alerts } = settings;
  const dataDir = resolve(root, settings.system.data_dir);
  const inContainer = process.env['HELIOS_IN_CONTAINER'] === 'true';
  if (!inContainer && !showSupervisor(dataDir)) return 1;
  const system = await withKeptPassword(withRedisOfFleet(settings.system, dataDir, console.error), dataDir);
  const log = createLogger({ service: 'fleet', write: () => {} });
  const bus = await connectBus('fleet', { ...redisAddressOf(system), log, connectTimeoutMs: 3_000 });
  try {
    const services = inContainer
      ? await servicesByHeartbeat(bus, Date.now(), alerts.heartbeat_timeout_sec * 1_000)
      : await supervisedServices(bus, alerts.heartbeat_timeout_sec * 1_000);
    const [mode, state] = await Promise.all([bus.getRecord(Records.fleetMode), bus.getRecord(Records.fleetState)]);
    for (const line of describeStatus({ mode, state, services }, Date.now())) console.log(printable(line));
    const { host, port } = runningSupervisor(dataDir)?.dashboard ?? settings.dashboard;
    if (!inContainer) console.log(`Dashboard: http://${host}:${port}`);
    return services.length > 0 && services.every((service) => service.known.state === 'RUNNING') ? 0 : 1;
  } finally {
    await bus.close();
  }
}

/** Shows the supervisor; false if no fleet runs. */
function showSupervisor(dataDir: string): boolean {
  const running = runningSupervisor(dataDir);
  if (running === undefined) {
    console.log('No fleet is running. Start it: ALLOW_SYNTHETIC=true npm start');
    return false;
  }
  const since = new Date(running.started_ts).toISOString();
  console.log(`Supervisor: process ${running.pid}, since ${since}${running.detached ? ', in the background' : ''}`);
  return true;
}

async function supervisedServices(bus: Bus<'fleet'>, maxAgeMs: number): Promise<FleetStatus['services']> {
  const services = Object.values(await bus.getMap(Maps.supervisedServices));
  return Promise.all(
    services.map(async (known) => {
      const beat = await bus.getRecord(Records.heartbeat, { service: known.service });
      return { known: withSilence(known, beat, Date.now(), maxAgeMs), beat };
    }),
  );
}

await runCommand('status', main);
