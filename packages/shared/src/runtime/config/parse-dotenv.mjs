import { strangeInLine } from './strange-character.mjs';
import { unquote } from './unquote.mjs';

/**
 * @typedef {{ readonly name: string, readonly value: string, readonly line: number }} DotenvEntry
 * @typedef {object} ParsedDotenv
 * @property {readonly DotenvEntry[]} entries
 * @property {readonly import('./settings-error.ts').SettingsFault[]} faults
 */

/** As in other readers of `.env` files, `;` begins no comment. */
export const DOTENV_COMMENT_SIGNS = '#';

/**
 * Reads `NAME=value` lines, with or without `export`, quotes and comments.
 * @param {string} text
 * @param {string} file how faults name it
 * @returns {ParsedDotenv}
 */
export function parseDotenv(text, file) {
  /** @type {DotenvEntry[]} */
  const entries = [];
  /** @type {import('./settings-error.ts').SettingsFault[]} */
  const faults = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, raw] of lines.entries()) {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const read = readLine(raw, content);
    const where = `${file} line ${index + 1}`;
    if ('value' in read) entries.push({ name: read.name, value: read.value, line: index + 1 });
    else
      faults.push({ where: `${where}${read.column ? ` column ${read.column}` : ''}`, what: read.what, fix: read.fix });
  }
  return { entries, faults };
}

/**
 * @param {string} raw
 * @param {string} content
 * @returns {{ name: string, value: string } | { what: string, fix: string, column?: number }}
 */
function readLine(raw, content) {
  const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/.exec(content);
  const name = match?.[1];
  const read = name === undefined ? undefined : unquote(match?.[2] ?? '', DOTENV_COMMENT_SIGNS);
  const strange = strangeInLine(raw, read !== undefined && 'value' in read ? read.value : undefined);
  if (strange !== undefined) {
    const { index, words, fix } = strange;
    return { what: `${name ?? 'the line'} has ${words}`, fix, column: index + 1 };
  }
  if (name === undefined || read === undefined) {
    return { what: 'not NAME=value', fix: 'Write NAME=value, or make it a comment with # at the start' };
  }
  return 'value' in read ? { name, value: read.value } : { what: `${name}: ${read.what}`, fix: read.fix };
}
