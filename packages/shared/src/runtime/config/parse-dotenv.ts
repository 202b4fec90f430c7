import type { SettingsFault } from './settings-error.ts';
import { unquote } from './unquote.ts';

export interface DotenvEntry {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

export interface ParsedDotenv {
  readonly entries: readonly DotenvEntry[];
  readonly faults: readonly SettingsFault[];
}

/** `;` is no comment here, as in every other reader of `.env` files. */
export const DOTENV_COMMENT_SIGNS = '#';

/** Reads `NAME=value` lines, with or without `export`, quotes and comments. `file` is how faults name it. */
export function parseDotenv(text: string, file: string): ParsedDotenv {
  const entries: DotenvEntry[] = [];
  const faults: SettingsFault[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1;
    const where = `${file} line ${line}`;
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/.exec(content);
    const name = match?.[1];
    if (name === undefined) {
      faults.push({ where, what: 'not NAME=value', fix: 'Write NAME=value, or put # in front to make it a comment' });
      continue;
    }
    const read = unquote(match?.[2] ?? '', DOTENV_COMMENT_SIGNS);
    if ('what' in read) faults.push({ where, what: `${name}: ${read.what}`, fix: read.fix });
    else entries.push({ name, value: read.value, line });
  }
  return { entries, faults };
}
