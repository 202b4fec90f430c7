/** Maximum length of a text: the rest adds little sentiment and costs time. */
export const MAX_TEXT = 5_000;

const INVISIBLE = /[\p{Cf}\p{Cc}\p{Co}\p{Cs}\p{Cn}]|[\u115f\u1160\u2800\u3164\uffa0]/gu;
/** Stacked marks: they combine with no letter. */
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
 * A post's text as a reader sees it: at most `MAX_TEXT` characters in Unicode NFKC. Removes invisible characters, direction marks,
 * stacked marks, markdown, addresses, and quotes of other people.
 */
export function cleanText(raw: string): string {
  return (
    cut(raw)
      .normalize('NFKC')
      // All white space first, because a line end is a control character too.
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
      // Keep the slash of a pair, OP/USDT, because it separates a pair from two words.
      .replace(/\.{2,}|\/(?!(?:USD[TC]?|BUSD)\b)|[…—–]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  );
}

/** The beginning of a text, without half a character at its end. */
function cut(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  const end = text.charCodeAt(MAX_TEXT - 1);
  return text.slice(0, end >= 0xd800 && end <= 0xdbff ? MAX_TEXT - 1 : MAX_TEXT);
}
