import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { inHome } from './place.mjs';
import { collect, onPath } from './process.mjs';
import { step, tail } from './step.mjs';

const PACKAGES = ['redis-server', 'redis-tools'];

const command =
  process.platform === 'darwin'
    ? 'brew install redis'
    : existsSync('/etc/debian_version')
      ? 'sudo apt-get install redis-server'
      : 'install redis or valkey with your system’s package manager';

/**
 * Paths of a Redis server and its command line: those on the PATH (Redis or Valkey), else the distribution's packages
 * unpacked under `.helios/redis`, which needs no root.
 */
export async function ensureRedis() {
  const server = onPath('redis-server') ?? onPath('valkey-server');
  const cli = onPath('redis-cli') ?? onPath('valkey-cli');
  if (server !== undefined && cli !== undefined) return { server, cli };
  const unpacked = { server: inHome('redis', 'bin', 'redis-server'), cli: inHome('redis', 'bin', 'redis-cli') };
  if (await runs(unpacked.server)) return { server: server ?? unpacked.server, cli: cli ?? unpacked.cli };
  if (onPath('apt-get') === undefined || onPath('dpkg-deb') === undefined) {
    throw new Failure(
      'No redis-server (or valkey-server) was found on the PATH, and on this system none can be unpacked without root.',
      `Type: ${command}`,
      'then run the command again.',
    );
  }
  await step('fetching redis-server from the distribution (unpacked under .helios/redis)', unpack);
  if (!(await runs(unpacked.server))) {
    const said = await collect(unpacked.server, ['--version']);
    throw new Failure('The unpacked redis-server does not run. It said:', tail(said.output, 5), `Type: ${command}`);
  }
  return { server: server ?? unpacked.server, cli: cli ?? unpacked.cli };
}

async function runs(server) {
  return existsSync(server) && (await collect(server, ['--version'])).code === 0;
}

/** apt with lists, cache and log of its own, so that nothing of the system's is touched. */
function aptOptions(folder) {
  const options = [
    `Dir::State=${folder}/state`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${folder}/cache`,
    `Dir::Log=${folder}/log`,
    'Acquire::Languages=none',
    'Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false',
    'Debug::NoLocking=1',
  ];
  // As root apt would hand downloads to a user who may not write in here.
  if (process.getuid?.() === 0) options.push('APT::Sandbox::User=root');
  return options.flatMap((option) => ['-o', option]);
}

const wayOut = `Check the network connection and run the command again, or type: ${command}`;

function aptRuns(folder, args, cwd) {
  const env = { ...process.env, TMPDIR: join(folder, 'tmp'), LC_ALL: 'C' };
  return collect('apt-get', [...aptOptions(folder), ...args], { env, cwd });
}

async function apt(folder, args, cwd) {
  const result = await aptRuns(folder, args, cwd);
  if (result.code === 0) return result.stdout;
  throw new Failure(`apt-get ${args[0]} failed (exit code ${result.code}). It said:`, tail(result.output, 6), wayOut);
}

async function unpack() {
  const work = inHome('redis.partial');
  rmSync(work, { recursive: true, force: true });
  for (const folder of [
    'apt/state/lists/partial',
    'apt/cache/archives/partial',
    'apt/log',
    'apt/tmp',
    'deb',
    'root',
    'bin',
  ]) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  const lists = join(work, 'apt');
  // A source that cannot be reached does no harm as long as the packages are found in another.
  const updated = await aptRuns(lists, ['update']);
  try {
    const wanted = await packagesToUnpack(lists);
    await apt(lists, ['download', ...wanted], join(work, 'deb'));
  } catch (error) {
    if (updated.code === 0 && !/^(W|E|Err):/m.test(updated.output)) throw error;
    throw new Failure(
      'The distribution’s package lists could not be fetched. apt-get update said:',
      tail(updated.output, 6),
      wayOut,
    );
  }
  for (const name of readdirSync(join(work, 'deb'))) {
    const result = await collect('dpkg-deb', ['-x', join(work, 'deb', name), join(work, 'root')]);
    if (result.code !== 0) throw new Failure(`${name} could not be unpacked:`, tail(result.output), `Type: ${command}`);
  }
  for (const name of ['redis-server', 'redis-cli']) writeWrapper(work, name);
  for (const folder of ['apt', 'deb']) rmSync(join(work, folder), { recursive: true, force: true });
  rmSync(inHome('redis'), { recursive: true, force: true });
  renameSync(work, inHome('redis'));
}

/** The server, its command line, and each library they need that the system lacks: `name=version`. */
async function packagesToUnpack(lists) {
  const plan = await apt(lists, ['install', '--simulate', '--reinstall', '--no-install-recommends', ...PACKAGES]);
  const wanted = [];
  for (const line of plan.split('\n')) {
    const found = /^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) /.exec(line);
    if (found !== null) wanted.push(`${found[1]}=${found[2]}`);
  }
  if (!wanted.some((spec) => spec.startsWith('redis-server='))) {
    throw new Failure('apt-get knows no package redis-server.', `Type: ${command}`);
  }
  return wanted;
}

/** A small script that finds its libraries beside itself, wherever the project's folder is. */
function writeWrapper(work, name) {
  const libraries = ['usr/lib', 'lib'].flatMap((folder) => {
    const path = join(work, 'root', folder);
    if (!existsSync(path)) return [];
    const nested = readdirSync(path).filter((entry) => /-linux-/.test(entry));
    return [folder, ...nested.map((entry) => `${folder}/${entry}`)];
  });
  const search = libraries.map((folder) => `$here/root/${folder}`).join(':');
  const script = [
    '#!/bin/sh',
    'here=$(cd "$(dirname "$0")/.." && pwd)',
    `LD_LIBRARY_PATH="${search}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "$here/root/usr/bin/${name}" "$@"`,
    '',
  ].join('\n');
  const path = join(work, 'bin', name);
  writeFileSync(path, script);
  chmodSync(path, 0o755);
}
