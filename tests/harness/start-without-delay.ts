import { resolve } from 'node:path';
import { openConsole, READ_WITHIN_MS } from '@helios/fleet/operator-console.ts';
import { readStartOptions } from '@helios/fleet/start-options.ts';
import { stopSignal } from '@helios/fleet/stop-signal.ts';
import { runFleet } from '@helios/fleet/supervisor.ts';
import { readCommandLine, runToEnd } from '@helios/shared/runtime/cli/run-command.ts';

/** A supervisor with the real services, like `npm start`, but crashed processes always restart at once. */
const root = resolve(import.meta.dirname, '../..');
const console = openConsole();

await runToEnd(
  () =>
    runFleet(readStartOptions(readCommandLine('start', process.argv.slice(2)), root), {
      root,
      env: process.env,
      redisServer: process.env['HELIOS_REDIS_SERVER'] ?? 'redis-server',
      say: console.show,
      onReady: () => {},
      stop: stopSignal({ withParent: true }),
      restartDelayMs: () => 0,
    }),
  READ_WITHIN_MS,
);
