import { join } from 'node:path';
import { readCommandLine, runToEnd } from '@helios/shared/runtime/cli/run-command.ts';
import { openConsole, READ_WITHIN_MS } from '../src/operator-console.ts';
import { readStartOptions } from '../src/start-options.ts';
import { stopSignal } from '../src/stop-signal.ts';
import { runFleet } from '../src/supervisor.ts';

/**
 * Runs a supervisor like `npm start`, with fake services: `fleet-process.ts ROOT JOURNAL [options of npm start]`.
 * FAKE_BEHAVIOUR is a comma-separated list of `SERVICE=behaviour`.
 */
const [, , root = '', journal = '', ...args] = process.argv;
const behaviours = new Map(
  (process.env['FAKE_BEHAVIOUR'] ?? '').split(',').map((pair) => [...pair.split('='), ''] as [string, string]),
);

const operatorConsole = openConsole();

await runToEnd(
  () =>
    runFleet(readStartOptions(readCommandLine('start', args), root), {
      root,
      env: process.env,
      redisServer: process.env['HELIOS_REDIS_SERVER'] ?? 'redis-server',
      say: operatorConsole.show,
      onReady: (problem) => operatorConsole.show(`READY ${problem ?? ''}`),
      stop: stopSignal({ withParent: false }),
      commandOf: (service) => ({
        command: process.execPath,
        args: [join(import.meta.dirname, 'fake-service.ts'), service, journal, behaviours.get(service) ?? ''],
      }),
    }),
  READ_WITHIN_MS,
);
