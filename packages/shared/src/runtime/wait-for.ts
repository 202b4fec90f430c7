import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after `ms`, or as soon as `stop` is aborted. */
export async function waitFor(ms: number, stop: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: stop });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}
