import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './check.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { Failure } from './failure.mjs';
import { whileAlone } from './lock.mjs';
import { home, preparePlace, root } from './place.mjs';
import { childEnvironment, foreground } from './process.mjs';
import { ensureRedis } from './redis.mjs';
import { ensureNode } from './toolchain.mjs';

/** What a command needs besides Node 24 and the dependencies, and what it runs. */
export const COMMANDS = {
  start: {
    redis: true,
    script: 'packages/fleet/src/start.ts',
    about: 'start the fleet (--detach, --replay FILE…, --help)',
  },
  stop: { redis: false, script: 'packages/fleet/src/stop.ts', about: 'stop the fleet' },
  status: { redis: false, script: 'packages/fleet/src/status.ts', about: 'show each service and the trading state' },
  redis: {
    redis: true,
    script: 'packages/fleet/src/redis-cli.ts',
    about: 'redis-cli on the fleet’s Redis: -- LRANGE decision_logs 0 9',
  },
  config: {
    redis: false,
    script: 'packages/fleet/src/print-config.ts',
    about: 'print the settings in force and where each came from',
  },
  docs: {
    redis: false,
    script: 'packages/fleet/src/docs/generate-docs.ts',
    about: 'write the generated documents anew',
  },
  exchange: {
    redis: false,
    script: 'packages/exchange-simulator/src/main.ts',
    about: 'a local Binance USDⓈ-M for trying things out (--data FILE…, --help)',
  },
  facts: {
    redis: false,
    script: 'packages/market-data/src/generator/print-stylised-facts.ts',
    about: 'print the figures of the made-up market, or of a recording (--seed N, FILE…, --help)',
  },
  bench: { redis: true, script: 'bench/main.ts', about: 'measure latencies, throughput and memory' },
  test: {
    redis: true,
    script: 'node_modules/vitest/vitest.mjs',
    first: ['run'],
    questions: ['--version', '-v', '--help', '-h'],
    about: 'run all tests, or those in the files named (PATH…, --help)',
  },
  check: { redis: true, run: check, about: 'format, lint, types, boundaries, documents in sync, tests' },
};

function usage() {
  const lines = Object.entries(COMMANDS).map(([name, { about }]) => {
    const typed = name === 'start' || name === 'stop' || name === 'test' ? `npm ${name}` : `npm run ${name}`;
    return `  ${typed.padEnd(16)} ${about}`;
  });
  return ['Helios: commands (arguments go after --):', ...lines].join('\n');
}

/**
 * What a command needs and hands on when it is typed with these arguments. A question about the program goes to it alone:
 * after `run` vitest takes no notice of it and runs all tests.
 */
export function callOf({ redis, first = [], questions = [] }, args) {
  const asked = args.filter((arg) => questions.includes(arg));
  return asked.length > 0 ? { redis: false, args: asked } : { redis, args: [...first, ...args] };
}

/** Makes sure of everything the command needs, runs it, and returns its exit code. */
export async function runCommand(name, args) {
  const command = COMMANDS[name];
  if (command === undefined) {
    const asked = name === undefined || name === 'help' || name === '--help';
    if (!asked) throw new Failure(`There is no command “${name}”.`, usage());
    process.stdout.write(`${usage()}\n`);
    return 0;
  }
  if (
    command.script !== undefined &&
    !command.script.startsWith('node_modules') &&
    !existsSync(join(root, command.script))
  ) {
    throw new Failure(`\`${name}\` cannot run: ${command.script} is missing from this checkout.`);
  }
  mkdirSync(home, { recursive: true });
  const call = callOf(command, args);
  const { node, redis } = await whileAlone(() => provide(call));
  const env = childEnvironment(node, redis);
  if (command.run !== undefined) return command.run(node, env, args);
  return foreground(node, [join(root, command.script), ...call.args], env);
}

async function provide(command) {
  preparePlace();
  const node = await ensureNode();
  await ensureDependencies(node);
  return { node, redis: command.redis ? await ensureRedis() : undefined };
}
