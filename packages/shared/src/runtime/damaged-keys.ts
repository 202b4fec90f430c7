import { BusFault } from './errors.ts';
import type { Logger } from './service.ts';

/** Pace of trying again what a damaged key stood in the way of, milliseconds. */
export const MENDED_WITHIN_MS = 5_000;

/**
 * Keys that were overwritten with another type, for a service that has to go on and say so: what needs one is told
 * once a spell, left undone and tried again.
 */
export interface DamagedKeys {
  /** Does `work`; false where Redis refuses `key` for what it holds. Any other error is thrown. */
  attempt(key: string, work: () => Promise<void>): Promise<boolean>;
  isDamaged(key: string): boolean;
  /** Key → what Redis said. */
  all(): ReadonlyMap<string, string>;
}

export function createDamagedKeys(log: Logger): DamagedKeys {
  const damaged = new Map<string, string>();

  return {
    async attempt(key, work) {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof BusFault)) throw error;
        if (!damaged.has(key)) log.error({ key }, error.message);
        damaged.set(key, error.message);
        return false;
      }
      if (damaged.delete(key)) log.info({ key }, 'a damaged key is mended');
      return true;
    },
    isDamaged: (key) => damaged.has(key),
    all: () => damaged,
  };
}
