import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { earlyRefusal } from '../../packages/fleet/src/early-mode.mjs';
import {
  CommandLineError,
  helpOf,
  parseCommandLine,
  typedCommand,
} from '../../packages/shared/src/runtime/cli/command-line.mjs';
import { COMMAND_SPECS } from '../../packages/shared/src/runtime/cli/command-specs.mjs';
import { nearestHint } from '../../packages/shared/src/runtime/cli/nearest-name.mjs';
import { check } from './check.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { Failure } from './failure.mjs';
import { whileAlone } from './lock.mjs';
import { home, preparePlace, root } from './place.mjs';
import { childEnvironment, foreground } from './process.mjs';
import { ensureRedis } from './redis.mjs';
import { ensureNode } from './toolchain.mjs';

/**
 * What a command runs, and what it needs besides Node 24 and the dependencies; `tools` means the development tools. COMMAND_SPECS
 * has its options.
 */
export const COMMANDS = {
  start: { redis: true, script: 'packages/fleet/src/start.ts' },
  stop: { redis: false, script: 'packages/fleet/src/stop.ts' },
  status: { redis: false, script: 'packages/fleet/src/status.ts' },
  logs: { redis: false, script: 'packages/fleet/src/show-logs.ts' },
  history: { redis: false, script: 'packages/fleet/src/history.ts' },
  account: { redis: false, script: 'packages/fleet/src/account.ts' },
  doctor: { redis: true, script: 'packages/fleet/src/doctor/doctor.ts' },
  panic: { redis: false, script: 'packages/fleet/src/panic/panic.ts' },
  rehearse: { redis: true, script: 'packages/fleet/src/rehearse/rehearse.ts' },
  chaos: { redis: true, script: 'packages/fleet/src/chaos/chaos.ts' },
  backtest: { redis: false, script: 'packages/backtest/src/backtest.ts' },
  optimise: { redis: false, script: 'packages/research/src/optimise.ts' },
  train: { redis: false, script: 'packages/research/src/train/train.ts' },
  worker: { redis: false, script: 'packages/research/src/queue/worker-command.ts' },
  record: { redis: false, script: 'packages/market-data/src/record/record-command.ts' },
  data: { redis: false, script: 'packages/backtest/src/data/data-command.ts' },
  parity: { redis: false, script: 'packages/backtest/src/parity/parity-command.ts' },
  redis: { redis: true, script: 'packages/fleet/src/redis-cli.ts' },
  config: { redis: false, script: 'packages/fleet/src/print-config.ts' },
  docs: { redis: false, tools: true, script: 'packages/fleet/src/docs/generate-docs.ts' },
  exchange: { redis: false, script: 'packages/exchange-simulator/src/main.ts' },
  facts: { redis: false, script: 'packages/backtest/src/facts/facts-command.ts' },
  bench: { redis: true, tools: true, script: 'bench/main.ts' },
  test: {
    redis: true,
    tools: true,
    script: 'node_modules/vitest/vitest.mjs',
    first: ['run'],
    questions: ['--version', '-v'],
  },
  check: { redis: true, tools: true, run: check },
};

function usage() {
  const lines = Object.keys(COMMANDS).map((name) => `  ${typedCommand(name).padEnd(18)} ${COMMAND_SPECS[name].about}`);
  return ['Helios: commands (options go after --; --help shows them):', ...lines].join('\n');
}

/**
 * What a command needs and passes on for these arguments. A question such as --help goes to the program alone: after `run`
 * vitest ignores it and runs all tests.
 */
export function callOf({ redis, first = [], questions = [] }, args) {
  const asked = args.filter((arg) => questions.includes(arg));
  return asked.length > 0 ? { redis: false, args: asked } : { redis, args: [...first, ...args] };
}

/** Provides everything that the command needs, runs it, and returns its exit code. */
export async function runCommand(name, args) {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return print(usage());
  if (!Object.hasOwn(COMMANDS, name)) {
    throw new CommandLineError([`Unknown command “${name}”.${nearestHint(name, Object.keys(COMMANDS))}`, usage()]);
  }
  // Read the options before anything is fetched: help and a mistyped option need nothing.
  const line = readTyped(name, args);
  if (line?.has('help')) return print(helpOf(name, COMMAND_SPECS[name]));
  return dispatch(name, args, line);
}

function print(text) {
  process.stdout.write(`${text}\n`);
  return 0;
}

/** The command line; undefined if another program parses it. */
function readTyped(name, args) {
  if (!args.includes('--help') && !args.includes('-h')) refuseKeptByNpm(name, args);
  const spec = COMMAND_SPECS[name];
  const isHelp = args.length === 1 && (args[0] === '--help' || args[0] === '-h');
  return spec.program === undefined || isHelp ? parseCommandLine(name, spec, args) : undefined;
}

/** npm has these options too: an .npmrc or the environment may set them. Only a reset misses them. */
const OPTIONS_OF_NPM = ['yes', 'force'];

/** Refuses options that npm kept for itself because `--` was missing. An empty text means that the switch is off. */
function refuseKeptByNpm(name, args) {
  for (const option of Object.keys(COMMAND_SPECS[name].options)) {
    const kept = process.env[`npm_config_${option.replaceAll('-', '_')}`] ?? '';
    if (kept === '' || args.includes(`--${option}`)) continue;
    if (OPTIONS_OF_NPM.includes(option) && !args.includes('reset')) continue;
    throw new CommandLineError([
      `npm kept --${option} for itself. Put options after “--”.`,
      `Type: ${typedCommand(name, `--${option} …`)}`,
    ]);
  }
}

async function dispatch(name, args, line) {
  const command = COMMANDS[name];
  if (
    command.script !== undefined &&
    !command.script.startsWith('node_modules') &&
    !existsSync(join(root, command.script))
  ) {
    throw new Failure(`\`${name}\` cannot run: ${command.script} is missing from this checkout.`);
  }
  if (name === 'start') {
    const refusal = earlyRefusal(root, process.env, line.texts('replay'));
    if (refusal !== undefined) throw new Failure(...refusal);
  }
  // The folder will hold the ledger and passwords.
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const call = callOf(command, args);
  const { node, redis } = await whileAlone(() => provide({ ...call, tools: command.tools === true }));
  const env = childEnvironment(node, redis);
  if (command.run !== undefined) return command.run(node, env, line);
  return foreground(node, [join(root, command.script), ...call.args], env);
}

async function provide(command) {
  preparePlace();
  const node = await ensureNode();
  await ensureDependencies(node, command.tools);
  return { node, redis: command.redis ? await ensureRedis() : undefined };
}
