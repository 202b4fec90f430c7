import { REPLACED_NAMES } from '../../domain/settings/former-names.ts';
import type { SectionName } from '../../domain/settings.ts';
import { nearestHint, nearestName } from '../cli/nearest-name.mjs';
import type { ParsedDotenv } from './parse-dotenv.mjs';
import type { IniEntry, ParsedIni } from './parse-ini.mjs';
import { ALL_SETTINGS, ENVIRONMENT_NAMES, SECTION_NAMES, SWITCH_NAMES } from './setting-names.ts';
import { describeFault, type SettingsFault } from './settings-error.ts';

const LONG_NAMES = ALL_SETTINGS.map(({ section, key }) => `${section}_${key}`.toUpperCase());
/** Names below eight letters are left out: one edit away from them is often a name of another program. */
const SHORT_NAMES = ALL_SETTINGS.flatMap(({ environmentNames }) => environmentNames.slice(1)).filter(
  (name) => name.length >= 8,
);
/**
 * Sections whose prefix is a word of trading, so that a variable with it is most likely meant for Helios. Those left out are usual
 * in other programs: AZURE_CLIENT_ID, BINANCE_SECRET_KEY, DASHBOARD_URL, EXECUTION_ROLE_ARN, POLLING_INTERVAL, RECORDING_DIR.
 */
export const OWN_SECTIONS: ReadonlySet<string> = new Set<SectionName>([
  ...(['trading', 'signals', 'reasons', 'trend', 'regime', 'risk', 'protections'] as const),
  ...(['simulation', 'fees', 'sentiment'] as const),
]);
/** What Docker and Kubernetes set for a service of that name, such as RISK_SERVICE_HOST and RISK_PORT_8080_TCP. */
const OF_CONTAINERS = /_(SERVICE_(HOST|PORT)(_\w+)?|PORT(_\d+_(TCP|UDP)(_\w+)?)?)$/;
const DOCUMENTATION = 'See docs/configuration.md for all names';

/**
 * Environment variables that look like a misspelt setting or switch. Other programs share the environment, and their names
 * may begin like ours (SYSTEM_, AZURE_). So only near misses are faults: one edit per four letters after the section, or one
 * edit of a short name (LEVERAGE).
 */
export function unknownEnvironmentNames(env: NodeJS.ProcessEnv): SettingsFault[] {
  return Object.keys(env).flatMap((name) => {
    if (ENVIRONMENT_NAMES.has(name) || (env[name] ?? '').trim() === '') return [];
    const replaced = replacedVariable(`environment ${name}`, name);
    if (replaced !== undefined) return [replaced];
    const meant = misspelt(name, [...LONG_NAMES, ...SWITCH_NAMES]) ?? misspeltShort(name);
    return meant === undefined ? [] : [unknownVariable(`environment ${name}`, name, meant)];
  });
}

/**
 * Warnings about environment variables that begin like a section of ours but set nothing. Their values stay out: they may be
 * secrets of other programs. Near misses are no warnings but faults (`unknownEnvironmentNames`).
 */
export function ignoredVariableWarnings(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).flatMap((name) => {
    if (ENVIRONMENT_NAMES.has(name) || (env[name] ?? '').trim() === '' || OF_CONTAINERS.test(name)) return [];
    if (!OWN_SECTIONS.has(sectionOf(name) ?? '')) return [];
    const longer = LONG_NAMES.filter((known) => known.startsWith(`${name}_`));
    const { where, fix } = unknownVariable(`environment ${name}`, name, nearestName(name, longer)?.name);
    return [describeFault({ where, what: 'names no setting, so it does nothing', fix }).trim()];
  });
}

/** Unknown names in `.env`, which only this project uses: names that begin like a section, and near misses of known names. */
export function unknownDotenvNames({ entries }: ParsedDotenv): SettingsFault[] {
  return entries.flatMap(({ name, line }) => {
    if (ENVIRONMENT_NAMES.has(name)) return [];
    const replaced = replacedVariable(`.env line ${line}`, name);
    if (replaced !== undefined) return [replaced];
    const nearest = misspelt(name, ENVIRONMENT_NAMES);
    if (nearest === undefined && sectionOf(name) === undefined) return [];
    return [unknownVariable(`.env line ${line}`, name, nearest)];
  });
}

/** Unknown sections and keys of the file, and switches, which do not belong there. */
export function unknownIniNames({ entries, sections }: ParsedIni, file: string): SettingsFault[] {
  const opened = sections.flatMap(({ name, line }): SettingsFault[] => {
    if (SECTION_NAMES.includes(name)) return [];
    const hint = nearestHint(name, SECTION_NAMES, (section) => `[${section}]`);
    const fix = `${hint} Sections: ${SECTION_NAMES.join(', ')}`.trimStart();
    return [{ where: `${file} line ${line}`, what: `unknown section [${name}]`, fix }];
  });
  return [...opened, ...entries.flatMap((entry) => unknownIniEntry(entry, `${file} line ${entry.line}`))];
}

function unknownIniEntry({ section, key }: IniEntry, where: string): SettingsFault[] {
  const upper = key.toUpperCase();
  if (SWITCH_NAMES.some((name) => name === upper)) {
    return [
      {
        where,
        what: `${upper} is a switch, which works only in the environment or in .env`,
        fix: `Remove the line and write ${upper}=… into .env`,
      },
    ];
  }
  if (section === '') {
    return [{ where, what: `${key} comes before any [section]`, fix: adviceFor(key, ALL_SETTINGS) }];
  }
  const replaced = REPLACED_NAMES[`${section}.${key}`];
  if (replaced !== undefined) {
    const [, successor] = replaced.by.split('.');
    const what = `${key} in [${section}] is now ${successor}: ${replaced.because}`;
    return [{ where, what, fix: `Write ${successor} with a new value, or remove the line. ${DOCUMENTATION}` }];
  }
  const known = ALL_SETTINGS.filter((named) => named.section === section);
  // The fault of an unknown heading also covers its keys.
  if (known.length === 0 || known.some((named) => named.key === key) || isFormerName(section, key)) return [];
  return [{ where, what: `unknown key ${key} in [${section}]`, fix: adviceFor(key, known) }];
}

const isFormerName = (section: string, key: string): boolean =>
  ALL_SETTINGS.some(({ formerNames }) => formerNames.some((name) => name.section === section && name.key === key));

/** Advice for an unknown key: the section it belongs to, its name in the file, or the nearest name. */
function adviceFor(key: string, known: typeof ALL_SETTINGS): string {
  const elsewhere = ALL_SETTINGS.filter((named) => named.key === key).map(({ section }) => `[${section}]`);
  if (elsewhere.length > 0) return `It belongs in ${elsewhere.join(' or ')}`;
  const byVariable = ALL_SETTINGS.find((named) => named.environmentNames.includes(key.toUpperCase()));
  if (byVariable !== undefined) return `In this file write ${byVariable.key} in [${byVariable.section}]`;
  const hint = nearestHint(
    key,
    known.map((named) => named.key),
  );
  return `${hint} ${DOCUMENTATION}`.trimStart();
}

/** The fault of a variable whose setting was replaced by one with another meaning. */
function replacedVariable(where: string, name: string): SettingsFault | undefined {
  const found = Object.entries(REPLACED_NAMES).find(([path]) => variableOf(path) === name);
  if (found === undefined) return undefined;
  const [, { by, because }] = found;
  const fix = `Set ${variableOf(by)} with a new value, or remove the variable. ${DOCUMENTATION}`;
  return { where, what: `${name} is now ${variableOf(by)}: ${because}`, fix };
}

const variableOf = (path: string): string => path.replace('.', '_').toUpperCase();

function unknownVariable(where: string, name: string, meant: string | undefined): SettingsFault {
  const hint = meant === undefined ? nearestHint(name, LONG_NAMES) : ` The nearest is ${meant}.`;
  return { where, what: `unknown setting ${name}`, fix: `${hint} ${DOCUMENTATION}`.trimStart() };
}

/**
 * The short name that `name` misspells. A name without the underscore (LOGLEVEL) or in plural (REDIS_HOSTS) belongs to other
 * programs and is not a misspelling.
 */
function misspeltShort(name: string): string | undefined {
  const nearest = nearestName(name, SHORT_NAMES, 1);
  if (nearest === undefined || nearest.distance > 1) return undefined;
  const letters = (text: string) => text.replaceAll('_', '');
  const ofOthers = letters(name) === letters(nearest.name) || new RegExp(`^${nearest.name}(S|_?\\d+)$`).test(name);
  return ofOthers ? undefined : nearest.name;
}

function sectionOf(name: string): string | undefined {
  return SECTION_NAMES.find((section) => name.startsWith(`${section.toUpperCase()}_`));
}

/** The known name that `name` misspells; a numbered copy such as BINANCE_API_KEY_2 is not a misspelling. */
function misspelt(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  const nearest = nearestName(name, names, mistypedLetters(Math.max(...names.map(({ length }) => length))));
  if (nearest === undefined || new RegExp(`^${nearest.name}_?\\d+$`).test(name)) return undefined;
  const section = sectionOf(nearest.name);
  const letters = section === undefined ? nearest.name.length : nearest.name.length - section.length - 1;
  return nearest.distance <= mistypedLetters(letters) ? nearest.name : undefined;
}

/** How many edits away a name of so many letters still counts as misspelt. */
function mistypedLetters(letters: number): number {
  return Math.max(1, Math.floor(letters / 4));
}
