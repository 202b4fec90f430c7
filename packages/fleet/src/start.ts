import { resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { startDetached } from './detach.ts';
import { openConsole, READ_WITHIN_MS } from './operator-console.ts';
import { readStartOptions } from './start-options.ts';
import { stopSignal } from './stop-signal.ts';
import { runFleet } from './supervisor.ts';

const root = resolve(import.meta.dirname, '../../..');

/** True in the background process that a start with `--detach` leaves behind. */
const isLeftBehind = process.env['HELIOS_DETACHED'] === '1';

const operatorConsole = openConsole();

/** Shows a line to the operator. A background process sends it to its parent while the parent listens. */
function say(line: string): void {
  if (!isLeftBehind) operatorConsole.show(line);
  else if (process.connected) process.send?.({ line });
}

/** `npm start`: the supervisor in the foreground, or with `--detach` in the background. */
async function main(line: CommandLine): Promise<number> {
  const options = readStartOptions(line, typedFolder());
  if (options.detach && !isLeftBehind) return startDetached(import.meta.filename, process.argv.slice(2), root);
  const env = { ...process.env };
  delete env['HELIOS_DETACHED'];
  if (options.posts !== undefined) Object.assign(env, { REDDIT_ENABLED: 'true', REDDIT_POSTS_FILE: options.posts });
  return runFleet(options, {
    root,
    env,
    redisServer: process.env['HELIOS_REDIS_SERVER'] ?? 'redis-server',
    say,
    onReady: (problem) => {
      if (isLeftBehind && process.connected) process.send?.({ ready: true, problem });
      else if (!isLeftBehind) say('Ctrl-C stops the fleet.');
    },
    stop: stopSignal({ withParent: !isLeftBehind }),
  });
}

await runCommand('start', main, READ_WITHIN_MS);
