import { createHash, timingSafeEqual } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  ensurePassword,
  hashPassword,
  keepReadable,
  type PasswordHash,
  readPasswordHash,
  verifyPassword,
} from '@helios/shared/runtime/password.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

const MADE =
  'a password for the dashboard was made and stands in this file (docker-compose exec dashboard-api cat .helios/dashboard-password); for a new one delete dashboard-auth.json beside it and restart dashboard-api';

/** The dashboard's password. */
export interface PasswordCheck {
  isRight(candidate: string): Promise<boolean>;
  /** What a later start can tell by whether the password is still the same. */
  hash(): Promise<PasswordHash | undefined>;
  /** Whether `hash` is that of today's password. */
  isCurrent(hash: PasswordHash): Promise<boolean>;
  /** Whether it is kept in a file that may be replaced while the dashboard runs. */
  readonly mayChange: boolean;
}

/**
 * The configured password, else the hash kept in `dataDir`; where there is neither, a password is made and kept in a file.
 * @throws where the hash cannot be kept or read, with the way out.
 */
export async function openPasswordCheck(configured: string, dataDir: string, log: Logger): Promise<PasswordCheck> {
  if (configured !== '') return configuredPassword(configured);
  const made = await ensurePassword(dataDir);
  // A log is kept, copied and read by others: it says where the password is, never what it is.
  if (made !== undefined) log.info({ file: await keepReadable(dataDir, made) }, MADE);
  const kept = () => readPasswordHash(dataDir);
  return {
    async isRight(candidate) {
      const hash = await kept();
      return hash !== undefined && (await verifyPassword(candidate, hash));
    },
    hash: kept,
    // A file that cannot be read holds another password until somebody mends it.
    isCurrent: async (hash) => isDeepStrictEqual(hash, await kept().catch(() => undefined)),
    mayChange: true,
  };
}

function configuredPassword(configured: string): PasswordCheck {
  const expected = digestOf(configured);
  return {
    isRight: async (candidate) => timingSafeEqual(digestOf(candidate), expected),
    hash: () => hashPassword(configured),
    isCurrent: (hash) => verifyPassword(configured, hash),
    mayChange: false,
  };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text.normalize('NFC')).digest();
}
