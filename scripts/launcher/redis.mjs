import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { inHome } from './place.mjs';
import { collect, onPath } from './process.mjs';
import { step, tail } from './step.mjs';

const PACKAGES = ['redis-server', 'redis-tools'];
/** The first version with XTRIM … MINID; server-version.ts checks the same for a running Redis. */
const MIN_VERSION = [6, 2];

const command =
  process.platform === 'darwin'
    ? 'brew install redis'
    : existsSync('/etc/debian_version')
      ? 'sudo apt-get install redis-server'
      : 'install redis or valkey with your system’s package manager';

const laterRedis =
  process.platform === 'darwin' || !existsSync('/etc/debian_version')
    ? [`Type: ${command}`]
    : [
        'To install it from its makers, type:',
        '  curl -fsSL https://packages.redis.io/gpg | sudo gpg --dearmor -o /usr/share/keyrings/redis.gpg',
        '  echo "deb [signed-by=/usr/share/keyrings/redis.gpg] https://packages.redis.io/deb $(lsb_release -cs) main" | sudo tee /etc/apt/sources.list.d/redis.list',
        '  sudo apt-get update && sudo apt-get install redis',
      ];

/**
 * Paths of a Redis server and its command line. Uses those on the PATH (Redis or Valkey). If they are missing or too old, unpacks
 * the distribution's packages under `.helios/redis`, which needs no root.
 */
export async function ensureRedis() {
  const there = onPath('redis-server') ?? onPath('valkey-server');
  const server = there !== undefined && (await tooOld(there)) === undefined ? there : undefined;
  const cli = onPath('redis-cli') ?? onPath('valkey-cli');
  if (server !== undefined && cli !== undefined) return { server, cli };
  const unpacked = { server: inHome('redis', 'bin', 'redis-server'), cli: inHome('redis', 'bin', 'redis-cli') };
  if (!(await runs(unpacked.server))) await fetchInto(unpacked.server, there);
  const old = server === undefined ? await tooOld(unpacked.server) : undefined;
  if (old !== undefined) {
    throw new Failure(
      `The redis-server of this distribution has version ${old}; Helios needs ${MIN_VERSION.join('.')} or later.`,
      ...laterRedis,
      'then run the command again.',
    );
  }
  return { server: server ?? unpacked.server, cli: cli ?? unpacked.cli };
}

/** @param there a server on the PATH that is too old, or undefined */
async function fetchInto(server, there) {
  if (onPath('apt-get') === undefined || onPath('dpkg-deb') === undefined) {
    const old = there === undefined ? undefined : await tooOld(there);
    throw new Failure(
      old === undefined
        ? 'The PATH has no redis-server and redis-cli (or valkey-…), and on this system Helios cannot unpack them without root.'
        : `${there} has version ${old}; Helios needs ${MIN_VERSION.join('.')} or later, and on this system it cannot unpack one without root.`,
      `Type: ${command}`,
      'then run the command again.',
    );
  }
  await step('fetching redis-server from the distribution (unpacked under .helios/redis)', unpack);
  if (await runs(server)) return;
  const said = await collect(server, ['--version']);
  throw new Failure('The unpacked redis-server does not run. Its output:', tail(said.output, 5), `Type: ${command}`);
}

async function runs(server) {
  return existsSync(server) && (await collect(server, ['--version'])).code === 0;
}

/** The version of a server that is too old for Helios; undefined if it is new enough, or unknown. */
async function tooOld(server) {
  const version = /v=(\d+)\.(\d+)[\d.]*/.exec((await collect(server, ['--version'])).stdout);
  if (version === null) return undefined;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  const enough = major > MIN_VERSION[0] || (major === MIN_VERSION[0] && minor >= MIN_VERSION[1]);
  return enough ? undefined : version[0].slice(2);
}

/** apt options with own lists, cache and log, so that the system's files stay untouched. */
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
  // As root, apt downloads as another user, who may not write in this folder.
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
  throw new Failure(
    `apt-get ${args[0]} failed (exit code ${result.code}). Its output:`,
    tail(result.output, 6),
    wayOut,
  );
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
  // An unreachable source is harmless if another one has the packages.
  const updated = await aptRuns(lists, ['update']);
  try {
    const wanted = await packagesToUnpack(lists);
    await apt(lists, ['download', ...wanted], join(work, 'deb'));
  } catch (error) {
    if (updated.code === 0 && !/^(W|E|Err):/m.test(updated.output)) throw error;
    throw new Failure(
      'apt-get could not fetch the distribution’s package lists. Output of apt-get update:',
      tail(updated.output, 6),
      wayOut,
    );
  }
  for (const name of readdirSync(join(work, 'deb'))) {
    const result = await collect('dpkg-deb', ['-x', join(work, 'deb', name), join(work, 'root')]);
    if (result.code !== 0)
      throw new Failure(`dpkg-deb could not unpack ${name}:`, tail(result.output), `Type: ${command}`);
  }
  for (const name of ['redis-server', 'redis-cli']) writeWrapper(work, name);
  for (const folder of ['apt', 'deb']) rmSync(join(work, folder), { recursive: true, force: true });
  rmSync(inHome('redis'), { recursive: true, force: true });
  renameSync(work, inHome('redis'));
}

/** Packages as `name=version`: the server, its command line, and each library that the system lacks. */
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

/** Writes a small script that finds its libraries relative to itself, wherever the project's folder is. */
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
