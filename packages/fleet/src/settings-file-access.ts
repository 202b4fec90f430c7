import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { credentialQuality } from '@helios/shared/runtime/config/credentials.mjs';
import { CONFIG_FILE } from '@helios/shared/runtime/config/load-settings.ts';
import { parseDotenv } from '@helios/shared/runtime/config/parse-dotenv.mjs';
import { parseIni } from '@helios/shared/runtime/config/parse-ini.mjs';
import { ALL_SETTINGS } from '@helios/shared/runtime/config/setting-names.ts';
import { isPlaceholder } from '@helios/shared/runtime/config/template-text.mjs';
import { StartRefused } from './start-refused.ts';

/** Mode bits that give access to users other than the owner. */
const FOR_OTHERS = 0o077;
const API_SECRET = 'binance.api_secret';
const SECRETS = ALL_SETTINGS.filter(({ setting }) => setting.secret);

/** One secret setting in a file. */
interface FoundSecret {
  /** `section.key`. */
  readonly path: string;
  readonly value: string;
}

/** The files that may hold secrets, with the reader of each. */
const FILES: readonly { readonly file: string; readonly secretsIn: (text: string) => readonly FoundSecret[] }[] = [
  { file: '.env', secretsIn: inDotenv },
  { file: CONFIG_FILE, secretsIn: inIni },
];

/**
 * Checks who may read `.env` and `config/config.ini`. The API secret moves real money, so the start refuses a file that other
 * users can read, as ssh does for a private key. Other secrets cause a warning.
 * @returns warnings
 * @throws StartRefused
 */
export function checkSettingsFileAccess(root: string, env: NodeJS.ProcessEnv): string[] {
  const folder = resolve(root, env['HELIOS_SETTINGS_DIR']?.trim() ?? '');
  return FILES.flatMap(({ file, secretsIn }) => {
    const path = join(folder, file);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile() || (stats.mode & FOR_OTHERS) === 0) return [];
    const secrets = secretsIn(readFileSync(path, 'utf8'));
    const mode = (stats.mode & 0o777).toString(8).padStart(3, '0');
    if (secrets.some(({ path: name, value }) => name === API_SECRET && credentialQuality(value) === 'USABLE'))
      throw new StartRefused([
        `${file} holds the API secret, and other users of this machine can read or change it (mode ${mode}).`,
        `  • Type: chmod 600 ${file}`,
        '  • If others work on this machine, make a new key and secret at the venue: others may know the present ones.',
      ]);
    if (!secrets.some(({ value }) => value !== '' && !isPlaceholder(value))) return [];
    return [
      `${file} holds secrets, and other users of this machine can read or change it (mode ${mode}): chmod 600 ${file}`,
    ];
  });
}

function inDotenv(text: string): FoundSecret[] {
  const { entries } = parseDotenv(text, '.env');
  return SECRETS.flatMap(({ path, environmentNames }) =>
    entries.filter(({ name }) => environmentNames.includes(name)).map(({ value }) => ({ path, value })),
  );
}

function inIni(text: string): FoundSecret[] {
  const { entries } = parseIni(text, CONFIG_FILE);
  return SECRETS.flatMap(({ path, section, key }) =>
    entries.filter((entry) => entry.section === section && entry.key === key).map(({ value }) => ({ path, value })),
  );
}
