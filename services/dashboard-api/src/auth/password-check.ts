import { createHash, timingSafeEqual } from 'node:crypto';
import { ensurePassword, readPasswordHash, verifyPassword } from '@helios/shared/runtime/password.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

/** True where the candidate is the dashboard's password. */
export type PasswordCheck = (candidate: string) => Promise<boolean>;

/**
 * The configured password, else the hash kept in `dataDir`; where there is neither, a password is made and shown once.
 * @throws where the hash cannot be kept or read, with the way out.
 */
export async function openPasswordCheck(configured: string, dataDir: string, log: Logger): Promise<PasswordCheck> {
  if (configured !== '') {
    const expected = digestOf(configured);
    return async (candidate) => timingSafeEqual(digestOf(candidate), expected);
  }
  const made = await ensurePassword(dataDir);
  // INFO stays on this process's output: the stream and the log file that others read never see it.
  if (made !== undefined) log.info({}, `dashboard password, shown this once: ${made}`);
  return async (candidate) => {
    const hash = await readPasswordHash(dataDir);
    return hash !== undefined && (await verifyPassword(candidate, hash));
  };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text.normalize('NFC')).digest();
}
