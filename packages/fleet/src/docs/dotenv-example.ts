import { SWITCHES } from '@helios/shared/domain/settings.ts';
import { ALL_SETTINGS } from '@helios/shared/runtime/config/setting-names.ts';
import { allowedText, defaultText } from './setting-text.ts';

const HEAD = `# Copy this file to .env. Both "npm start" and docker-compose read it.
#
#   - The environment comes before this file, this file before config/config.ini.
#   - A line without a value counts as not set.
#   - Every other setting can stand here too: section and key in capitals, e.g. SIMULATION_POSITION_SIZE=0.02
#     (docs/configuration.md lists all names).
#   - Put a value with #, $, quotes or spaces between '…'. Keep this file to yourself: chmod 600 .env
#
# Generated from the settings' schema by "npm run docs".`;

/** Values that the example sets; all other names have an empty value. */
const SAMPLES: Readonly<Record<string, string>> = {
  ALLOW_PUBLIC_MODE: 'true',
};

/** Remarks that appear in the example only. */
const REMARKS: Readonly<Record<string, string>> = {
  REDIS_PASSWORD:
    'Choose your own before the first start; docker-compose needs one. This prints a good one: openssl rand -hex 16',
};

/** .env.example: the switches, and the settings with a short name. */
export function dotenvExample(): string {
  const switches = Object.entries(SWITCHES).map(([name, about]) => variable(name, about));
  const aliases = ALL_SETTINGS.flatMap(({ section, key, setting }) => {
    if (setting.env === undefined) return [];
    const allowed = allowedText(setting);
    const fallback = defaultText(setting);
    const meaning = [setting.about, allowed && `Allowed: ${allowed}.`, fallback && `Default: ${fallback}.`];
    return [variable(setting.env, `${meaning.filter(Boolean).join(' ')} [${section}] ${key}`)];
  });
  return `${[HEAD, ...switches, ...aliases].join('\n\n')}\n`;
}

function variable(name: string, about: string): string {
  const lines = [about, REMARKS[name]].filter((line) => line !== undefined);
  return [...lines.map((line) => `# ${line}`), `${name}=${SAMPLES[name] ?? ''}`].join('\n');
}
