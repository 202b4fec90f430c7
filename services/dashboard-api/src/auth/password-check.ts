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
  'dashboard password generated, it is in this file (docker-compose exec dashboard-api cat .helios/dashboard-password); for a new one delete dashboard-auth.json beside it and restart dashboard-api';

/** The dashboard's password. */
export interface PasswordCheck {
  isRight(candidate: string): Promise<boolean>;
  /** The hash by which a later start detects a changed password. */
  hash(): Promise<PasswordHash | undefined>;
  /** Whether `hash` matches the present password. */
  isCurrent(hash: PasswordHash): Promise<boolean>;
  /** True if the password is in a file that may be replaced while the dashboard runs. */
  readonly mayChange: boolean;
}

/**
 * The configured password, else the hash stored in `dataDir`. Without both, generates a password and stores it in a file.
 * @throws if the hash cannot be stored or read, with advice.
 */
export async function openPasswordCheck(configured: string, dataDir: string, log: Logger): Promise<PasswordCheck> {
  if (configured !== '') return configuredPassword(configured);
  const made = await ensurePassword(dataDir);
  // Others may read the log, so it names the file but never the password.
  if (made !== undefined) log.info({ file: await keepReadable(dataDir, made) }, MADE);
  const kept = () => readPasswordHash(dataDir);
  return {
    async isRight(candidate) {
      const hash = await kept();
      return hash !== undefined && (await verifyPassword(candidate, hash));
    },
    hash: kept,
    // A file that cannot be read counts as another password.
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
