import { strangeInLine } from './strange-character.mjs';
import { unquote } from './unquote.mjs';

/**
 * One `key = value` of an ini file; section and key in lower case.
 * @typedef {{ readonly section: string, readonly key: string, readonly value: string, readonly line: number }} IniEntry
 *
 * A section heading. A section may have several headings.
 * @typedef {{ readonly name: string, readonly line: number }} IniSection
 *
 * @typedef {object} ParsedIni
 * @property {readonly IniEntry[]} entries
 * @property {readonly IniSection[]} sections
 * @property {readonly import('./settings-error.ts').SettingsFault[]} faults
 */

/** Characters that begin a comment in an ini file, at the start of a line or after white space. */
export const INI_COMMENT_SIGNS = '#;';

const NOT_A_SECTION = { what: 'a section heading that is not [name]', fix: 'Write it as in [signals]' };
const NOT_A_LINE = {
  what: 'neither a comment, a [section] nor key = value',
  fix: 'Write key = value, or make it a comment with # at the start',
};

/**
 * Reads `[section]` and `key = value` lines. Entries before the first heading get the section `''`.
 * Does not check whether the settings exist.
 * @param {string} text
 * @param {string} file how faults name it
 * @returns {ParsedIni}
 */
export function parseIni(text, file) {
  /** @type {IniEntry[]} */
  const entries = [];
  /** @type {IniSection[]} */
  const sections = [];
  /** @type {import('./settings-error.ts').SettingsFault[]} */
  const faults = [];
  /** @type {string | undefined} */
  let section = '';
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, raw] of lines.entries()) {
    const line = index + 1;
    const content = raw.trim();
    if (content === '' || INI_COMMENT_SIGNS.includes(content[0] ?? '')) continue;
    const read = content.startsWith('[') ? readHeading(raw, content) : readEntry(raw, content);
    if ('what' in read) {
      const { what, fix, column } = read;
      faults.push({ where: `${file} line ${line}${column ? ` column ${column}` : ''}`, what, fix });
      // The section of the following entries is unknown. They are parsed but dropped: the fault of the heading covers them.
      if (content.startsWith('[')) section = undefined;
    } else if ('name' in read) {
      sections.push({ name: read.name, line });
      section = read.name;
    } else if (section !== undefined) entries.push({ section, ...read, line });
  }
  return { entries, sections, faults };
}

/** @typedef {{ what: string, fix: string, column?: number }} BadLine */

/**
 * @param {string} raw
 * @param {string} content
 * @returns {{ name: string } | BadLine}
 */
function readHeading(raw, content) {
  const match = /^\[([^\]]*)\]\s*([#;].*)?$/.exec(content);
  const strange = strangeInLine(match === null ? raw : raw.slice(0, raw.indexOf(']') + 1), undefined);
  if (strange !== undefined) return bad('the section heading', strange);
  const name = match?.[1]?.trim().toLowerCase() ?? '';
  return name === '' ? NOT_A_SECTION : { name };
}

/**
 * @param {string} raw
 * @param {string} content
 * @returns {{ key: string, value: string } | BadLine}
 */
function readEntry(raw, content) {
  const equals = content.indexOf('=');
  const key = content.slice(0, Math.max(equals, 0)).trim().toLowerCase();
  const read = key === '' ? undefined : unquote(content.slice(equals + 1), INI_COMMENT_SIGNS);
  const strange = strangeInLine(raw, read !== undefined && 'value' in read ? read.value : undefined);
  if (strange !== undefined) {
    const inKey = read === undefined || strange.index < raw.indexOf('=');
    return bad(inKey ? 'the key' : key, strange);
  }
  if (read === undefined) return NOT_A_LINE;
  return 'value' in read ? { key, value: read.value } : { what: `${key}: ${read.what}`, fix: read.fix };
}

/**
 * @param {string} where
 * @param {import('./strange-character.mjs').StrangeCharacter} strange
 * @returns {BadLine}
 */
const bad = (where, { index, words, fix }) => ({ what: `${where} has ${words}`, fix, column: index + 1 });
