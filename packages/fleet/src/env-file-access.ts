import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { credentialQuality } from '@helios/shared/runtime/config/credentials.mjs';
import { parseDotenv } from '@helios/shared/runtime/config/parse-dotenv.mjs';
import { ALL_SETTINGS } from '@helios/shared/runtime/config/setting-names.ts';
import { isPlaceholder } from '@helios/shared/runtime/config/template-text.mjs';
import { StartRefused } from './start-refused.ts';

/** Bits of a file's mode that let anybody but its owner in. */
const FOR_OTHERS = 0o077;

const SECRETS: ReadonlySet<string> = new Set(
  ALL_SETTINGS.filter(({ setting }) => setting.secret).flatMap(({ environmentNames }) => environmentNames),
);

/**
 * Looks at who may read `.env`. The API secret moves real money, so a file that shows it to others ends the start, as ssh
 * does with a private key; other secrets are worth a warning.
 * @returns warnings
 * @throws StartRefused
 */
export function checkEnvFileAccess(root: string, env: NodeJS.ProcessEnv): string[] {
  const path = join(resolve(root, env['HELIOS_SETTINGS_DIR']?.trim() ?? ''), '.env');
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile() || (stats.mode & FOR_OTHERS) === 0) return [];
  const { entries } = parseDotenv(readFileSync(path, 'utf8'), '.env');
  const mode = (stats.mode & 0o777).toString(8).padStart(3, '0');
  const holds = (test: (name: string, value: string) => boolean) =>
    entries.some(({ name, value }) => test(name, value));
  if (holds((name, value) => name === 'BINANCE_API_SECRET' && credentialQuality(value) === 'USABLE')) {
    throw new StartRefused([
      `.env holds the API secret, and other users of this machine can read or change it (mode ${mode}).`,
      '  • Type: chmod 600 .env',
      '  • If others work on this machine, make a new key and secret at the venue: these may be known.',
    ]);
  }
  if (!holds((name, value) => SECRETS.has(name) && value !== '' && !isPlaceholder(value))) return [];
  return [`.env holds secrets, and other users of this machine can read or change it (mode ${mode}): chmod 600 .env`];
}
