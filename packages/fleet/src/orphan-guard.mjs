import { spawn } from 'node:child_process';

/** Waits until its input ends, then asks the process to stop. The input ends in any case when we die. */
const SCRIPT = 'while read -r line; do :; done; kill -TERM "$1" 2>/dev/null';

/**
 * Ends a program when this process dies, even by SIGKILL: the program itself cannot notice that.
 * @typedef {object} OrphanGuard
 * @property {() => void} release Ends the guard: the program is gone, or we stop it ourselves.
 */

/**
 * Starts a guard; it costs one sleeping shell of about 1 MB.
 * @param {number} pid
 * @param {NodeJS.ProcessEnv} env
 * @returns {OrphanGuard}
 */
export function guardAgainstOrphan(pid, env) {
  const guard = spawn('/bin/sh', ['-c', SCRIPT, 'helios-guard', String(pid)], {
    env,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell there is no guard: after a SIGKILL the program stays, and the next start ends it.
  guard.on('error', () => {});
  guard.unref();
  return { release: () => void guard.kill('SIGKILL') };
}
