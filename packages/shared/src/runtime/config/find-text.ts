import type { Origin } from './loaded-settings.ts';
import type { ParsedDotenv } from './parse-dotenv.mjs';
import type { ParsedIni } from './parse-ini.mjs';
import type { FormerName, NamedSetting } from './setting-names.ts';
import type { SettingsFault } from './settings-error.ts';
import { strangeCharacter } from './strange-character.mjs';
import { isPlaceholder } from './template-text.mjs';

/** A text that was found for a setting. */
export interface FoundText {
  readonly text: string;
  readonly origin: Origin;
  /** The setting's name as the operator wrote it. */
  readonly name: string;
}

/** The names of a setting or switch; the ini file may not contain a switch. */
export type Lookup = Pick<NamedSetting, 'path' | 'environmentNames'> &
  Partial<Pick<NamedSetting, 'section' | 'key' | 'formerNames'>>;

/** Everything that settings are read from. */
export interface Sources {
  readonly env: NodeJS.ProcessEnv;
  readonly dotenv: ParsedDotenv;
  readonly ini: ParsedIni;
  readonly faults: SettingsFault[];
}

/** The text that counts for a setting. Two different texts in one source are a fault and mark the setting faulty. */
export function findText(sources: Sources, named: Lookup, faulty: Set<string>): FoundText | undefined {
  for (const candidates of [fromEnvironment(sources, named), fromDotenv(sources, named), fromIni(sources, named)]) {
    const [first, ...others] = candidates;
    if (first === undefined) continue;
    const other = others.find(({ text }) => text !== first.text);
    if (other !== undefined) {
      sources.faults.push({
        where: `${first.origin} and ${other.origin}`,
        what: `${named.path} is set twice, to different values${underTwoNames(first, other)}`,
        fix: 'Remove one of the two',
      });
      faulty.add(named.path);
    }
    return first;
  }
  return undefined;
}

function fromEnvironment({ env, faults }: Sources, { environmentNames, formerNames = [] }: Lookup): FoundText[] {
  return [...environmentNames, ...formerNames.map(({ environmentName }) => environmentName)].flatMap((name) => {
    const text = env[name]?.trim() ?? '';
    if (text === '') return [];
    faults.push(...strangeIn(name, env[name] ?? ''));
    return [{ text, name, origin: marked(`environment ${name}`, name, formerNames) }];
  });
}

function fromDotenv({ dotenv }: Sources, { environmentNames, formerNames = [] }: Lookup): FoundText[] {
  const names = [...environmentNames, ...formerNames.map(({ environmentName }) => environmentName)];
  return dotenv.entries
    .filter(({ name, value }) => names.includes(name) && value !== '')
    .map(({ name, value, line }) => ({
      text: value,
      name,
      origin: marked(`.env ${name} line ${line}`, name, formerNames),
    }));
}

function fromIni({ ini }: Sources, { section, key, formerNames = [] }: Lookup): FoundText[] {
  const places = [{ section, key }, ...formerNames];
  return ini.entries
    .filter((entry) => places.some((place) => place.section === entry.section && place.key === entry.key))
    .map(({ value, line, ...entry }) => {
      const name = `${entry.section}.${entry.key}`;
      return { text: value, name, origin: marked(`config/config.ini line ${line}`, name, formerNames) };
    });
}

/** The origin, with a note if the operator used a former name. */
function marked(origin: Origin, name: string, formerNames: readonly FormerName[]): Origin {
  const former = formerNames.find(({ path, environmentName }) => path === name || environmentName === name);
  return former === undefined ? origin : `${origin}, from old name ${name}`;
}

function underTwoNames(first: FoundText, other: FoundText): string {
  return first.name === other.name ? '' : `: ${first.name} and ${other.name} are two names of one setting`;
}

function strangeIn(name: string, text: string): SettingsFault[] {
  const strange = strangeCharacter(text, { curly: false });
  if (strange === undefined) return [];
  const what = `${name} has ${strange.words}, at character ${strange.index + 1}`;
  return [{ where: `environment ${name}`, what, fix: strange.fix }];
}

/** A secret that is still a placeholder counts as not set. Placeholder passwords are a fault, and the resolver judges API keys. */
export function withoutPlaceholder(
  { setting, section }: NamedSetting,
  found: FoundText | undefined,
): FoundText | undefined {
  if (found === undefined || setting.kind !== 'text' || setting.secret !== true || setting.password) return found;
  if (section === 'binance' || !isPlaceholder(found.text)) return found;
  return { ...found, text: '', origin: `${found.origin}, a placeholder: not set` };
}
