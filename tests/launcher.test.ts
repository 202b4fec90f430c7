import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { COMMAND_SPECS } from '@helios/shared/runtime/cli/command-specs.mjs';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

/** Files of the packages that the launcher needs: plain JavaScript without other imports. */
const PLAIN_FILES = ['packages/shared/src/runtime', 'packages/fleet/src'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => `${folder}/${file}`),
);

/** A project with only the launcher, and a PATH with only the programs that a test adds. */
let project: string;
let bin: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'helios-launcher-'));
  bin = join(project, 'bin');
  for (const path of ['scripts', 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']) {
    cpSync(join(ROOT, path), join(project, path), { recursive: true });
  }
  for (const path of PLAIN_FILES) cpSync(join(ROOT, path), join(project, path));
  mkdirSync(join(project, '.helios'));
  mkdirSync(join(project, 'packages/fleet/src'), { recursive: true });
  writeFileSync(join(project, 'packages/fleet/src/start.ts'), '');
  mkdirSync(bin);
  writeFileSync(join(bin, 'package.json'), '{ "type": "commonjs" }');
  onThePath('dirname', "process.stdout.write(require('node:path').dirname(args[0]));");
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  rmSync(project, { recursive: true, force: true });
});

/** Adds a program to the PATH; `body` gets its arguments as `args`. */
function onThePath(name: string, body: string): void {
  const head = `#!${process.execPath}\nconst [, , ...args] = process.argv;`;
  writeFileSync(join(bin, name), `${head}\n${body}\n`, { mode: 0o755 });
}

function run(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, args, { cwd: project, stdio: 'pipe', env: { PATH: bin, ...env } });
  started.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, said: () => said, ended };
}

/** Calls one part of the launcher in its own process. */
function call(file: string, body: string) {
  const script = `const part = await import(${JSON.stringify(join(project, 'scripts/launcher', file))});\n${body}`;
  return run(['--input-type=module', '-e', script]);
}

describe('the lock', () => {
  /** Works until its input ends. */
  const WORK = `await part.whileAlone(async () => {
    console.log('at work');
    for await (const _ of process.stdin);
  });
  console.log('done');`;
  const lock = () => join(project, '.helios', 'launcher.lock');
  const isAtWork = (holder: { said(): string }) => () => holder.said().includes('at work');

  function leave(owner: object | string): void {
    mkdirSync(lock());
    writeFileSync(join(lock(), 'owner'), typeof owner === 'string' ? owner : JSON.stringify(owner));
  }

  test('lets one command work at a time; a waiting one names the other, and what to delete', async () => {
    const first = call('lock.mjs', WORK);
    await eventually('the first works', isAtWork(first));
    const second = call('lock.mjs', WORK);
    await eventually('the second waits', () => second.said().includes(`(process ${first.child.pid})`));
    expect(second.said()).toContain(`rm -r ${lock()}`);
    expect(second.said()).not.toContain('at work');
    first.child.stdin?.end();
    await eventually('the second works', isAtWork(second));
    second.child.stdin?.end();
    expect([await first.ended, await second.ended]).toEqual([0, 0]);
    expect(existsSync(lock())).toBe(false);
  });

  test('is taken over from a killed process', async () => {
    const killed = call('lock.mjs', WORK);
    await eventually('it works', isAtWork(killed));
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(existsSync(lock())).toBe(true);
    const next = call('lock.mjs', WORK);
    await eventually('the next works', isAtWork(next));
    expect(next.said()).not.toContain('waiting');
  });

  test.each([
    ['a process id that another process has now', { pid: process.pid, began: 'before the power cut' }],
    ['an owner that was cut off', '{"pid":'],
  ])('is taken over from %s', async (_, owner) => {
    leave(owner);
    const next = call('lock.mjs', WORK);
    await eventually('the next works', isAtWork(next));
    expect(next.said()).not.toContain('waiting');
  });
});

describe('a command in the foreground', () => {
  const LINGER = join('scripts', 'linger.mjs');
  const foreground = () => {
    const script = JSON.stringify(join(project, LINGER));
    return call('process.mjs', `process.exitCode = await part.foreground(process.execPath, [${script}], process.env);`);
  };
  const isThere = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  test('ends with its launcher, also when that is killed', async () => {
    writeFileSync(join(project, LINGER), 'console.log("pid", process.pid);\nsetInterval(() => {}, 60_000);\n');
    const launcher = foreground();
    const pid = Number(await eventually('it runs', () => /pid (\d+)/.exec(launcher.said())?.[1]));
    launcher.child.kill('SIGKILL');
    await eventually('it ends', () => !isThere(pid));
  });

  test('gives the exit code of its program', async () => {
    writeFileSync(join(project, LINGER), 'process.exitCode = 3;\n');
    const launcher = foreground();
    expect(await launcher.ended).toBe(3);
  });
});

describe('what cannot be fetched', () => {
  test('a toolchain: the message shows npm’s output, even under npm --silent, and the way out; no partial folder stays', async () => {
    mkdirSync(join(project, 'packages/fleet/src'), { recursive: true });
    writeFileSync(join(project, 'packages/fleet/src/status.ts'), '');
    onThePath(
      'npm',
      "if (args.includes('--loglevel=error')) console.error('npm error code ENOTFOUND');\nprocess.exit(args[0] === 'install' ? 1 : 0);",
    );
    const status = run([join(project, 'scripts/helios.mjs'), 'status'], { npm_config_loglevel: 'silent' });
    expect(await status.ended).toBe(1);
    expect(status.said()).toMatch(
      /npm could not install pnpm@\S+ \(exit code 1\)\. Its output:\s+npm error code ENOTFOUND/,
    );
    expect(status.said()).toContain('`npm config get registry`, then run the command again');
    expect(readdirSync(join(project, '.helios/toolchain'))).toEqual([]);
  });

  test('without npm the message says so', async () => {
    const without = call('toolchain.mjs', 'await part.ensurePnpm();');
    expect(await without.ended).toBe(1);
    expect(without.said()).toContain('The PATH has no npm');
  });
});

describe('dependencies', () => {
  /** A pnpm that records its calls. */
  function fakePnpm(): () => string[][] {
    const calls = join(project, 'calls');
    const folder = join(project, '.helios/toolchain/pnpm-11.28.11/node_modules/pnpm');
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{}');
    const body = `import { appendFileSync, mkdirSync } from 'node:fs';
mkdirSync(${JSON.stringify(join(project, 'node_modules'))}, { recursive: true });
appendFileSync(${JSON.stringify(calls)}, JSON.stringify(process.argv.slice(2)) + '\\n');`;
    writeFileSync(join(folder, 'bin/pnpm.mjs'), body);
    onThePath('npm', "process.stdout.write('{}');");
    mkdirSync(join(project, '.helios/stamps'), { recursive: true });
    return () =>
      (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []).map((line) => JSON.parse(line));
  }
  const ensure = (needsTools: boolean) =>
    call('dependencies.mjs', `await part.ensureDependencies(process.execPath, ${needsTools});`).ended;

  test('without the tools are installed first; a command that needs the tools adds them, and they stay', async () => {
    const calls = fakePnpm();
    expect(await ensure(false)).toBe(0);
    expect(await ensure(false)).toBe(0);
    expect(calls().map((args) => args.includes('--prod'))).toEqual([true]);
    expect(await ensure(true)).toBe(0);
    expect(await ensure(true)).toBe(0);
    expect(await ensure(false)).toBe(0);
    expect(calls().map((args) => args.includes('--prod'))).toEqual([true, false]);
    writeFileSync(join(project, 'pnpm-lock.yaml'), 'lockfileVersion: "9.0"');
    expect(await ensure(false)).toBe(0);
    expect(calls().map((args) => args.includes('--prod'))).toEqual([true, false, false]);
  });
});

describe('npm test', () => {
  test.each([
    [['--version'], false, ['--version']],
    [['-t', 'the lock'], true, ['run', '-t', 'the lock']],
    [[], true, ['run']],
  ])('%j: a question goes to vitest without running tests, other arguments run them', async (typed, redis, args) => {
    const { ended, said } = call(
      'commands.mjs',
      `console.log(JSON.stringify(part.callOf(part.COMMANDS.test, ${JSON.stringify(typed)})));`,
    );
    expect(await ended).toBe(0);
    expect(JSON.parse(said())).toEqual({ redis, args });
  });
});

describe('a typed command', () => {
  const launch = (...args: string[]) => run([join(project, 'scripts/helios.mjs'), ...args]);
  const nothingFetched = () => expect(readdirSync(join(project, '.helios'))).toEqual([]);

  test.each(['start', 'stop', 'redis', 'test'] as const)('%s --help shows the help and runs nothing', async (name) => {
    const { ended, said } = launch(name, '--help');
    expect(await ended).toBe(0);
    expect(said()).toContain(COMMAND_SPECS[name].about);
    nothingFetched();
  });

  test.each([
    ['stop', '--force', /“--force” is not an option of npm stop\.\nAll options: npm stop -- --help/],
    ['test', '--bogus', /“--bogus” is not an option of npm test\.\nAll options: npm test -- --help/],
    ['start', '--detatch', /“--detatch” is not an option of npm start\. The nearest is --detach/],
    ['stop', 'now', /“now” is one argument too many: npm stop takes options only/],
    ['statsu', '', /Unknown command “statsu”\. The nearest is status\./],
    ['constructor', '', /Unknown command “constructor”\.\n/],
  ])('%s %s is refused with code 2 before anything is fetched', async (name, typed, words) => {
    const { ended, said } = launch(name, ...(typed === '' ? [] : [typed]));
    expect(await ended).toBe(2);
    expect(said()).toMatch(words);
    expect(said()).not.toMatch(/^\s+at /m);
    nothingFetched();
  });

  test('npm start in a fresh clone without a switch is refused before anything is fetched', async () => {
    const { ended, said } = launch('start');
    expect(await ended).toBe(1);
    expect(said()).toContain('The settings allow no mode, so nothing was started.');
    expect(said()).toContain('The API key is not set, the API secret is not set.');
    expect(said()).toContain('ALLOW_SYNTHETIC=true');
    nothingFetched();
  });

  test('an option that npm kept because “--” was missing is refused', async () => {
    const { ended, said } = run([join(project, 'scripts/helios.mjs'), 'start'], { npm_config_detach: 'true' });
    expect(await ended).toBe(2);
    expect(said()).toContain('Type: npm start -- --detach …');
    nothingFetched();
  });

  test('options of an .npmrc, and help, do not count as kept options', async () => {
    const launcher = join(project, 'scripts/helios.mjs');
    for (const npm_config_yes of ['', 'true']) {
      const list = run([launcher, 'account', 'list', '--bogus'], { npm_config_yes });
      expect(await list.ended).toBe(2);
      expect(list.said()).toContain('“--bogus” is not an option of npm run account.');
    }
    const help = run([launcher, 'account', '--help'], { npm_config_yes: 'true' });
    expect(await help.ended).toBe(0);
    const typed = run([launcher, 'account', 'reset', '--yes', '--bogus'], { npm_config_yes: 'true' });
    await typed.ended;
    expect(typed.said()).toContain('“--bogus” is not an option of npm run account.');
    const lost = run([launcher, 'account', 'reset'], { npm_config_yes: 'true' });
    expect(await lost.ended).toBe(2);
    expect(lost.said()).toContain('npm kept --yes for itself');
    nothingFetched();
  });
});

describe('Redis', () => {
  const ASK = 'console.log(JSON.stringify(await part.ensureRedis()));';
  const a = (name: string, version: string) => onThePath(name, `console.log('${name} v=${version} sha=0:0');`);

  /** A distribution with a redis-server package of this version. */
  function aDistribution(version: string): void {
    onThePath(
      'apt-get',
      `const fs = require('node:fs');
      if (args.includes('--simulate')) console.log('Inst redis-server (5:${version} Test [amd64])');
      if (args.includes('download')) fs.writeFileSync('redis-server.deb', '');`,
    );
    onThePath(
      'dpkg-deb',
      `const fs = require('node:fs');
      fs.mkdirSync(args[2] + '/usr/bin', { recursive: true });
      const server = '#!/bin/sh\\necho "Redis server v=${version} sha=0:0"\\n';
      for (const name of ['redis-server', 'redis-cli']) fs.writeFileSync(args[2] + '/usr/bin/' + name, server, { mode: 0o755 });`,
    );
  }

  test.each([
    ['redis-server', '6.2.0'],
    ['redis-server', '10.0.1'],
    ['valkey-server', '8.0.1'],
  ])('on the PATH is used: %s %s', async (name, version) => {
    a(name, version);
    a('redis-cli', version);
    const { ended, said } = call('redis.mjs', ASK);
    expect(await ended).toBe(0);
    expect(JSON.parse(said())).toEqual({ server: join(bin, name), cli: join(bin, 'redis-cli') });
  });

  test('on the PATH that is too old is replaced by the distribution’s, which is unpacked once', async () => {
    a('redis-server', '6.0.16');
    a('redis-cli', '6.0.16');
    aDistribution('7.0.15');
    const { ended, said } = call('redis.mjs', ASK);
    expect(await ended, said()).toBe(0);
    const unpacked = join(project, '.helios/redis/bin/redis-server');
    expect(said()).toContain(JSON.stringify({ server: unpacked, cli: join(bin, 'redis-cli') }));
    expect(readFileSync(unpacked, 'utf8')).toContain('LD_LIBRARY_PATH');
    rmSync(join(bin, 'apt-get'));
    const again = call('redis.mjs', ASK);
    expect(await again.ended, again.said()).toBe(0);
  });

  test('of the distribution that is also too old: names its version, and what to type', async () => {
    aDistribution('5.0.7');
    const { ended, said } = call('redis.mjs', ASK);
    expect(await ended).toBe(1);
    expect(said()).toMatch(
      /of this distribution has version 5\.0\.7; Helios needs 6\.2 or later\.[\s\S]*type:[\s\S]*install/,
    );
  });

  test('that is too old, and nothing to unpack: names its path and version, and what to type', async () => {
    a('redis-server', '5.0.14');
    a('redis-cli', '5.0.14');
    const { ended, said } = call('redis.mjs', ASK);
    expect(await ended).toBe(1);
    expect(said()).toMatch(
      new RegExp(`${join(bin, 'redis-server')} has version 5\\.0\\.14; Helios needs 6\\.2[\\s\\S]*Type:`),
    );
  });

  test('that is missing, also in the distribution: shows the output of apt, and what to type', async () => {
    onThePath('apt-get', "console.log(args.includes('update') ? 'Err:1 no route' : 'nothing'); process.exit(100);");
    onThePath('dpkg-deb', '');
    const { ended, said } = call('redis.mjs', ASK);
    expect(await ended).toBe(1);
    expect(said()).toMatch(
      /could not fetch the distribution’s package lists\. Output of apt-get update:\s+Err:1 no route[\s\S]*or type: /,
    );
  });
});

test.skipIf(process.platform !== 'linux').each([
  [24, 'start', 256],
  [200, 'start', 256],
  [48, 'status', 64],
])('with ulimit -n %i `%s` says what to type, without a stack trace', async (limit, command, needed) => {
  const launcher = join(project, 'scripts/helios.mjs');
  const child = spawn('/bin/sh', ['-c', `ulimit -n ${limit}; exec ${process.execPath} ${launcher} ${command}`], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: bin },
  });
  started.push(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  expect(code, said).toBe(1);
  expect(said).toContain(`lets a program open ${limit} files at once (ulimit -n). Helios needs ${needed}.`);
  expect(said).toContain('Type: ulimit -n 1024');
  expect(said).not.toMatch(/^\s+at /m);
});
