import { FORMER_NAMES } from '@helios/shared/domain/settings/former-names.ts';
import type { SectionName } from '@helios/shared/domain/settings.ts';
import { SECTION_ABOUT, SETTINGS, SWITCHES } from '@helios/shared/domain/settings.ts';
import { ALL_SETTINGS } from '@helios/shared/runtime/config/setting-names.ts';
import { OWN_SECTIONS } from '@helios/shared/runtime/config/unknown-names.ts';
import { allowedText, defaultText } from './setting-text.ts';

const OWN_PREFIXES = [...OWN_SECTIONS].map((section) => `\`${section.toUpperCase()}_…\``).join(', ');

const HEAD = `# Configuration

<!-- Generated from the settings' schema by "npm run docs". Change packages/shared/src/domain/settings, not this file. -->

\`npm run config\` shows every setting in force with its origin, secrets masked. All faults are shown at once, with file and line.

## Where a value comes from

The first place that has the setting counts: environment, then \`.env\`, then \`config/config.ini\`, then the default.

- Copy \`.env.example\` to \`.env\` and \`config/config.ini.template\` to \`config/config.ini\` to begin. Both files are optional.
  \`HELIOS_SETTINGS_DIR\` (environment only) names another folder for both files.
- Every setting has an environment name \`SECTION_KEY\` (\`SIMULATION_POSITION_SIZE\`); some also have a short name (\`LEVERAGE\`). Setting both to different
  values is a fault. So is a name or key that is given twice with different values.
- An empty variable counts as not set. So does a secret that is still a placeholder (\`your_connection_string\`). A password that is still a template's text is a fault.
- Old names stay valid: FORMER_NAMES. \`npm run config\` shows "from old name". Both names with different values are a fault.

## How the files are read

\`config/config.ini\`: \`[section]\` and \`key = value\`, in upper or lower case. A section may appear several times. A comment begins with \`#\` or \`;\` at the start of a line or
after white space. Without white space before it the sign belongs to the value, so that secrets stay whole. Text between \`"…"\` or \`'…'\` is kept as it is, without escapes.
A single word such as \`#abc\` after \`=\` and a space could be a value or a comment: this is a fault, and its message asks for quotes.

\`.env\`: \`NAME=value\`, also with \`export\`. Only \`#\` begins a comment here; quotes work as above. docker-compose reads the same file: put values with \`$\`, \`#\` or quotes between \`'…'\`.

An invisible character (zero width space, no-break space, byte-order mark) or a curly quote in a name or value is a fault that gives line, column and the character's name. Between straight
quotes a curly quote is kept.

Unknown names fail and name the nearest known one: every unknown section and key of \`config.ini\`; in \`.env\` every name that begins like a section, or is nearly a known name;
in the environment, which other programs share (\`SYSTEM_…\`, \`AZURE_…\`), only what is nearly \`SECTION_KEY\` or a switch, at most one slip for every four letters of the key,
or a single slip away from a short name of eight letters or more.

Any other variable in the environment that begins with ${OWN_PREFIXES} and names no setting does nothing: \`npm start\`,
\`npm run doctor\`, \`npm run config\` and \`npm run backtest\` warn and name the nearest setting.`;

const FORMER = Object.entries(FORMER_NAMES)
  .flatMap(([path, names]) => names.map((name) => `\`${name}\` is now \`${path}\``))
  .join(', ');

/** docs/configuration.md: rules, switches and one table per section. */
export function configurationPage(): string {
  const sections = (Object.keys(SETTINGS) as SectionName[]).map((section) =>
    [
      `## [${section}]`,
      '',
      SECTION_ABOUT[section],
      '',
      row('key', 'default', 'meaning', 'allowed', 'environment'),
      '|--|--|--|--|--|',
      ...ALL_SETTINGS.filter((named) => named.section === section).map(settingRow),
    ].join('\n'),
  );
  return `${[HEAD.replace('FORMER_NAMES', FORMER), switchesSection(), ...sections].join('\n\n')}\n`;
}

function switchesSection(): string {
  return [
    '## Switches',
    '',
    'Environment or `.env` only, off unless set; in `config.ini` they are a fault.',
    '',
    row('name', 'meaning'),
    '|--|--|',
    ...Object.entries(SWITCHES).map(([name, about]) => row(code(name), about)),
  ].join('\n');
}

function settingRow({ key, setting, environmentNames }: (typeof ALL_SETTINGS)[number]): string {
  const fallback = defaultText(setting);
  const meaning = setting.secret === true ? `${setting.about} Secret: masked wherever it is shown.` : setting.about;
  return row(
    code(key),
    fallback === '' ? 'none' : code(fallback),
    meaning,
    allowedText(setting) || 'text',
    environmentNames.map(code).join(' '),
  );
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}
