import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { foreignEnvironment } from './foreign-environment.ts';
import { runCommand } from './run-command.ts';
import { StartRefused } from './start-refused.ts';

/** `npm run redis -- ARGS`: the command line of the configured Redis, its password given where nobody sees it. */
async function main(): Promise<number> {
  const root = resolve(import.meta.dirname, '../../..');
  const { system } = loadSettings({ env: process.env, root }).settings;
  const cli = process.env['HELIOS_REDIS_CLI'] ?? 'redis-cli';
  const place = ['-h', system.redis_host, '-p', String(system.redis_port), '-n', String(system.redis_db)];
  const env = foreignEnvironment(process.env);
  if (system.redis_password !== '') env['REDISCLI_AUTH'] = system.redis_password;
  const child = spawn(cli, [...place, ...process.argv.slice(2)], { stdio: 'inherit', env });
  // Ctrl-C is redis-cli's to handle.
  process.on('SIGINT', () => {});
  return new Promise((settle, reject) => {
    child.on('error', (error) => {
      reject(
        new StartRefused([
          `${cli} could not be started (${error.message}).`,
          'Install redis-tools, or use: npm run redis',
        ]),
      );
    });
    child.on('close', (code) => {
      if (code !== 0) {
        console.error(
          `If Redis refused the connection: it was asked at ${system.redis_host}:${system.redis_port} (REDIS_HOST, REDIS_PORT), where a private one only answers while the fleet runs.`,
        );
      }
      settle(code ?? 1);
    });
  });
}

await runCommand(main);
