import type { SectionName } from '@helios/shared/domain/settings.ts';
import { SECTION_ABOUT, SETTINGS } from '@helios/shared/domain/settings.ts';
import { ALL_SETTINGS } from '@helios/shared/runtime/config/setting-names.ts';
import { allowedText, defaultText } from './setting-text.ts';

const HEAD = `# Settings of Helios. Copy this file to config/config.ini and change what you like; what you leave out has its default.
#
#   - The environment and .env come before this file: section and key in capitals, e.g. SIMULATION_POSITION_SIZE.
#   - A comment begins with # or ; at the start of a line or after white space. Without white space before it the sign
#     belongs to the value; between "…" or '…' everything does.
#   - An unknown section or key is an error. "npm run config" shows what is in force and where it comes from.
#   - Keys and secrets are better kept in .env. The switches ALLOW_PUBLIC_MODE, ALLOW_SYNTHETIC and
#     LIVE_TRADING_CONFIRM count there only, not here.
#
# Generated from the settings' schema by "npm run docs".`;

/** config/config.ini.template: every setting with its default and one line of meaning. */
export function configTemplate(): string {
  const sections = (Object.keys(SETTINGS) as SectionName[]).map((section) =>
    [
      `# ${SECTION_ABOUT[section]}`,
      `[${section}]`,
      ...ALL_SETTINGS.filter((s) => s.section === section).map(entry),
    ].join('\n'),
  );
  return `${[HEAD, ...sections].join('\n\n')}\n`;
}

function entry({ key, setting }: (typeof ALL_SETTINGS)[number]): string {
  const allowed = allowedText(setting);
  const meaning = allowed === '' ? setting.about : `${setting.about} (${allowed})`;
  return `# ${meaning}\n${`${key} = ${defaultText(setting)}`.trimEnd()}`;
}
