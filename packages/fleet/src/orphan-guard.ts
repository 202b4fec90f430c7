import { type ChildProcess, spawn } from 'node:child_process';

/** Waits until its input ends, then asks the process to stop. The input ends in any case when we die. */
const SCRIPT = 'while read -r line; do :; done; kill -TERM "$1" 2>/dev/null';

/** Ends a foreign program when this process dies, even by SIGKILL: the program itself cannot notice that. */
export interface OrphanGuard {
  /** Ends the guard: the program is gone, or we stop it ourselves. */
  release(): void;
}

/** Starts a guard; it costs one sleeping shell of about 1 MB. */
export function guardAgainstOrphan(pid: number, env: NodeJS.ProcessEnv): OrphanGuard {
  const guard: ChildProcess = spawn('/bin/sh', ['-c', SCRIPT, 'helios-guard', String(pid)], {
    env,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell there is no guard: after a SIGKILL the program stays, and the next start ends it.
  guard.on('error', () => {});
  guard.unref();
  return { release: () => void guard.kill('SIGKILL') };
}
