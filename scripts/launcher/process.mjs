import { execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { guardAgainstOrphan } from '../../packages/fleet/src/orphan-guard.mjs';
import { inHome, root } from './place.mjs';

/** Full path of a program on the PATH; undefined if there is none. */
export function onPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // Not in this folder: try the next.
    }
  }
  return undefined;
}

/**
 * Runs a program to its end and collects its output.
 * @returns {Promise<{code: number, stdout: string, output: string}>} `output` holds both streams in order; the code is 127
 * for a program that does not start, and 1 for a killed one
 */
export function collect(command, args, { env = process.env, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let output = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => resolve({ code: 127, stdout, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, output }));
  });
}

/**
 * Runs a program in the foreground and returns its exit code. A terminal sends Ctrl-C to all processes; other signals to this
 * process are passed on. If our parent process is gone, the program is stopped too, and if we are killed.
 */
export function foreground(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd: root, stdio: 'inherit' });
    const parent = process.ppid;
    const guard = child.pid === undefined ? undefined : guardAgainstOrphan(child.pid, env);
    const end = () => {
      clearInterval(watch);
      guard?.release();
    };
    const pass = (signal) => child.kill(signal);
    // In a terminal the child already has the interrupt; a second one has no effect.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
    const watch = setInterval(() => {
      if (process.ppid !== parent) child.kill('SIGTERM');
    }, 500);
    child.on('error', (error) => {
      end();
      reject(error);
    });
    child.on('close', (code, signal) => {
      end();
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Start time of a process in the same system format as in the supervisor's file; undefined if there is no such process. */
export function processBegan(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold any text; the fields after the last bracket are fixed.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended already.
    if (fields[0] === 'Z') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    // No such process, or a system without /proc.
  }
  try {
    const args = ['-o', 'lstart=', '-p', String(pid)];
    return execFileSync('ps', args, { encoding: 'utf8', stdio: 'pipe' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Our environment without npm's additions for its scripts; the user's npm settings (registry, proxy) stay. */
export function npmEnvironment() {
  const ours = /^npm_(package|lifecycle|command|execpath|node_execpath|config_(local_prefix|global_prefix|prefix))/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

/** Environment of child processes: Node 24 first on the PATH, temporary files and compiled code inside the project. */
export function childEnvironment(node, redis) {
  // Only npm itself reads npm's settings.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  env.PATH = `${dirname(node)}${delimiter}${env.PATH ?? ''}`;
  env.NODE_COMPILE_CACHE = inHome('compile-cache');
  env.TMPDIR = inHome('tmp');
  env.XDG_CACHE_HOME = inHome('cache');
  env.HELIOS_CWD = process.env.INIT_CWD ?? process.cwd();
  if (redis !== undefined) {
    env.HELIOS_REDIS_SERVER = redis.server;
    env.HELIOS_REDIS_CLI = redis.cli;
  }
  return env;
}
