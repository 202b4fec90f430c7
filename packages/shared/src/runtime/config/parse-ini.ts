import type { SettingsFault } from './settings-error.ts';
import { unquote } from './unquote.ts';

/** One `key = value` of an ini file; section and key in lower case. */
export interface IniEntry {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** Where a section is opened. A section may be opened several times. */
export interface IniSection {
  readonly name: string;
  readonly line: number;
}

export interface ParsedIni {
  readonly entries: readonly IniEntry[];
  readonly sections: readonly IniSection[];
  readonly faults: readonly SettingsFault[];
}

/** What begins a comment in an ini file: at the line's start, or after white space. */
export const INI_COMMENT_SIGNS = '#;';

/**
 * Reads `[section]` and `key = value` lines. Section `''` is what stands before the first section.
 * Knows nothing of which settings exist. `file` is how faults name it.
 */
export function parseIni(text: string, file: string): ParsedIni {
  const entries: IniEntry[] = [];
  const sections: IniSection[] = [];
  const faults: SettingsFault[] = [];
  let section: string | undefined = '';
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1;
    const where = `${file} line ${line}`;
    const content = raw.trim();
    if (content === '' || INI_COMMENT_SIGNS.includes(content[0] ?? '')) continue;
    if (content.startsWith('[')) {
      const name = /^\[([^\]]*)\]\s*([#;].*)?$/.exec(content)?.[1]?.trim().toLowerCase();
      if (name === undefined || name === '') {
        faults.push({ where, what: 'a section heading that is not [name]', fix: 'Write it as in [signals]' });
        // What follows belongs to no section we know: it is read, but complained about only through this fault.
        section = undefined;
        continue;
      }
      sections.push({ name, line });
      section = name;
      continue;
    }
    const equals = content.indexOf('=');
    const key = content.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    if (key === '') {
      faults.push({
        where,
        what: 'neither a comment, a [section] nor key = value',
        fix: 'Write key = value, or put # in front to make it a comment',
      });
      continue;
    }
    const read = unquote(content.slice(equals + 1), INI_COMMENT_SIGNS);
    if ('what' in read) faults.push({ where, what: `${key}: ${read.what}`, fix: read.fix });
    else if (section !== undefined) entries.push({ section, key, value: read.value, line });
  }
  return { entries, sections, faults };
}
