import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { runToEnd } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { foreignEnvironment } from './foreign-environment.ts';
import { redisForACall } from './redis-for-a-call.ts';
import { placeArguments } from './redis-place.ts';
import { StartRefused } from './start-refused.ts';
import { withRedisOfFleet } from './supervisor-file.ts';

/** `npm run redis -- ARGS`: redis-cli on the configured Redis. The password goes through the environment, where no other user sees it. */
async function main(): Promise<number> {
  const root = resolve(import.meta.dirname, '../../..');
  const settings = loadSettings({ env: process.env, root }).settings.system;
  const dataDir = resolve(root, settings.data_dir);
  const given = withRedisOfFleet(settings, dataDir, console.error);
  // redis-cli handles Ctrl-C.
  process.on('SIGINT', () => {});
  const { system, end } = await redisForACall(given, dataDir, console.error);
  try {
    return await runCli(system, process.argv.slice(2));
  } finally {
    await end();
  }
}

function runCli(system: Settings['system'], args: readonly string[]): Promise<number> {
  const cli = process.env['HELIOS_REDIS_CLI'] ?? 'redis-cli';
  const place = placeArguments(system);
  const env = foreignEnvironment(process.env);
  if (system.redis_password !== '') env['REDISCLI_AUTH'] = system.redis_password;
  const child = spawn(cli, [...place, ...args], { stdio: 'inherit', env });
  return new Promise((settle, reject) => {
    child.on('error', (error) => {
      reject(
        new StartRefused([`Cannot start ${cli} (${error.message}).`, 'Install redis-tools, or use: npm run redis']),
      );
    });
    child.on('close', (code) => settle(code ?? 1));
  });
}

await runToEnd(main);
