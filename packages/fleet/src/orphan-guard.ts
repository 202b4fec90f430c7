import { type ChildProcess, spawn } from 'node:child_process';

/** Waits until its input ends, which it does when we die however we die, then asks the process to stop. */
const SCRIPT = 'while read -r line; do :; done; kill -TERM "$1" 2>/dev/null';

/** Ends a foreign program when this process dies, even by SIGKILL: the program itself has no way to notice. */
export interface OrphanGuard {
  /** The program is gone, or is being stopped by us. */
  release(): void;
}

/** Starts guarding; costs one sleeping shell of about 1 MB. */
export function guardAgainstOrphan(pid: number, env: NodeJS.ProcessEnv): OrphanGuard {
  const guard: ChildProcess = spawn('/bin/sh', ['-c', SCRIPT, 'helios-guard', String(pid)], {
    env,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell the program is only left over after a SIGKILL of ours; the next start finds it and ends it.
  guard.on('error', () => {});
  guard.unref();
  return { release: () => void guard.kill('SIGKILL') };
}
