import type { Logger } from '@helios/shared/runtime/service.ts';

/** Recognises records of another run, which are dropped. Logs the first one. */
export function createForeignRuns(run: string, log: Logger): (owner: string) => boolean {
  let dropped = 0;
  return (owner) => {
    if (owner === run) return false;
    dropped += 1;
    if (dropped === 1) log.warn({ run: owner }, 'the streams contain records of another run, dropping them');
    log.debug({ run: owner, dropped }, 'record of another run dropped');
    return true;
  };
}
