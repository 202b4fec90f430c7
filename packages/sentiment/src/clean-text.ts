/** Longer texts say nothing more about a mood, and cost time. */
export const MAX_TEXT = 5_000;

const INVISIBLE = /[\p{Cf}\p{Cc}\p{Co}\p{Cs}\p{Cn}]|[\u115f\u1160\u2800\u3164\uffa0]/gu;
/** Marks that no letter could take up: stacked ones. */
const STACKED_MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
  '#x200b': ' ',
};

/**
 * A post's words as a reader sees them: at most `MAX_TEXT` characters, Unicode in one form (NFKC), nothing invisible, nothing that
 * turns the direction of reading, no stacked marks, no markdown, no addresses, no quotes of somebody else.
 */
export function cleanText(raw: string): string {
  return (
    cut(raw)
      .normalize('NFKC')
      // White space of every kind first: a line's end is a control character too.
      .replace(/[\t\v\f\r\u00a0\u2028\u2029]/g, ' ')
      .replace(/&(#?\w{2,6});/g, (entity, name: string) => ENTITIES[name.toLowerCase()] ?? entity)
      .replace(/^\s*>.*$/gm, ' ')
      .split('\n')
      .map((line) => line.replace(INVISIBLE, ''))
      .join('\n')
      .replace(STACKED_MARKS, '')
      .replace(/!?\[([^\]\n]*)\]\([^)\s]*\)/g, '$1 ')
      .replace(/\b(?:https?:\/\/|www\.)\S+/gi, ' ')
      .replace(/[‘’`]/g, "'")
      .replace(/[“”]/g, '"')
      .replace(/[*_~#|\\]+/g, ' ')
      // The slash of a pair, OP/USDT, is what tells it from two words.
      .replace(/\.{2,}|\/(?!(?:USD[TC]?|BUSD)\b)|[…—–]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  );
}

/** The beginning, without half a character at its end. */
function cut(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  const end = text.charCodeAt(MAX_TEXT - 1);
  return text.slice(0, end >= 0xd800 && end <= 0xdbff ? MAX_TEXT - 1 : MAX_TEXT);
}
