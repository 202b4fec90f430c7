/** Names of invisible or misleading characters by code point. */
const NAMES = new Map([
  [0x00a0, 'NO-BREAK SPACE'],
  [0x00ad, 'SOFT HYPHEN'],
  [0x034f, 'COMBINING GRAPHEME JOINER'],
  [0x115f, 'HANGUL CHOSEONG FILLER'],
  [0x180e, 'MONGOLIAN VOWEL SEPARATOR'],
  [0x2007, 'FIGURE SPACE'],
  [0x2009, 'THIN SPACE'],
  [0x200b, 'ZERO WIDTH SPACE'],
  [0x200c, 'ZERO WIDTH NON-JOINER'],
  [0x200d, 'ZERO WIDTH JOINER'],
  [0x200e, 'LEFT-TO-RIGHT MARK'],
  [0x200f, 'RIGHT-TO-LEFT MARK'],
  [0x2028, 'LINE SEPARATOR'],
  [0x2029, 'PARAGRAPH SEPARATOR'],
  [0x202a, 'LEFT-TO-RIGHT EMBEDDING'],
  [0x202b, 'RIGHT-TO-LEFT EMBEDDING'],
  [0x202c, 'POP DIRECTIONAL FORMATTING'],
  [0x202d, 'LEFT-TO-RIGHT OVERRIDE'],
  [0x202e, 'RIGHT-TO-LEFT OVERRIDE'],
  [0x202f, 'NARROW NO-BREAK SPACE'],
  [0x2060, 'WORD JOINER'],
  [0x3000, 'IDEOGRAPHIC SPACE'],
  [0x3164, 'HANGUL FILLER'],
  [0xfeff, 'BYTE ORDER MARK'],
  [0x2018, 'LEFT SINGLE QUOTATION MARK'],
  [0x2019, 'RIGHT SINGLE QUOTATION MARK'],
  [0x201a, 'SINGLE LOW-9 QUOTATION MARK'],
  [0x201b, 'SINGLE HIGH-REVERSED-9 QUOTATION MARK'],
  [0x201c, 'LEFT DOUBLE QUOTATION MARK'],
  [0x201d, 'RIGHT DOUBLE QUOTATION MARK'],
  [0x201e, 'DOUBLE LOW-9 QUOTATION MARK'],
  [0x201f, 'DOUBLE HIGH-REVERSED-9 QUOTATION MARK'],
]);

/** Formatting and control characters, unusual spaces, and fillers. */
const INVISIBLE = /(?![ \t\r\n])(?:[\p{Cf}\p{Cc}\p{Z}\u115f\u3164]|\u034f)/u;
const CURLY = /[\u2018-\u201f]/u;

/**
 * @typedef {object} StrangeCharacter
 * @property {number} index in UTF-16 units
 * @property {string} words its name, for a message
 * @property {string} fix
 */

/**
 * The first invisible character, or with `curly` the first curly quote; undefined if there is none.
 * @param {string} text
 * @param {{ curly: boolean }} options
 * @returns {StrangeCharacter | undefined}
 */
export function strangeCharacter(text, { curly }) {
  const unseen = INVISIBLE.exec(text);
  const quote = curly ? CURLY.exec(text) : null;
  const first = unseen !== null && (quote === null || unseen.index < quote.index) ? unseen : quote;
  if (first === null) return undefined;
  const code = first[0].codePointAt(0) ?? 0;
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const name = NAMES.get(code);
  const words = name === undefined ? `a character ${hex}` : `a ${name} (${hex})`;
  return first === unseen
    ? { index: first.index, words: `${words}, which is invisible`, fix: 'Delete it, or type the line again by hand' }
    : { index: first.index, words: `${words}, a curly quote`, fix: 'Write a straight " or \' instead' };
}

/**
 * The first strange character of a `key = value` line before its comment. Between straight quotes curly ones are allowed.
 * @param {string} raw the whole line
 * @param {string | undefined} value the parsed value; undefined: checks the whole line
 * @returns {StrangeCharacter | undefined}
 */
export function strangeInLine(raw, value) {
  if (value === undefined) return strangeCharacter(raw, { curly: true });
  const equals = raw.indexOf('=');
  const after = raw.slice(equals + 1);
  const curly = !/^\s*["']/.test(after);
  const end = equals + 1 + (value === '' ? 0 : after.indexOf(value) + value.length);
  const spaces = /^["']?\s*/.exec(raw.slice(end))?.[0].length ?? 0;
  const key = strangeCharacter(raw.slice(0, equals + 1), { curly: true });
  if (key !== undefined) return key;
  const found = strangeCharacter(raw.slice(equals + 1, end + spaces), { curly });
  return found === undefined ? undefined : { ...found, index: found.index + equals + 1 };
}
