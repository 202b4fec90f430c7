const PUNCTUATION = /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/;
/** What may stand before or after a word without belonging to it. Anything else (":)", "don't") is left as it is. */
const EDGES = ['?!?!', '!?!?', '!!!', '???', '?!?', '!?!', '!!', '??', '.', '!', '?', ',', ';', ':', '-', "'", '"'];
const EDGE_START = new Set(EDGES.map((edge) => edge[0]));

/** Splits a text at white space and drops what is one character long. */
export function tokensOf(text: string): string[] {
  return text.split(/\s/).filter((token) => token.length > 1);
}

/**
 * Frees a word of one mark before or after it. Emoticons, contractions and words with marks on both sides stay as they
 * were written.
 */
export function withoutEdge(token: string): string {
  if (EDGE_START.has(token.at(-1) ?? '')) {
    const edge = EDGES.find((mark) => token.endsWith(mark) && isWord(token.slice(0, -mark.length)));
    if (edge) return token.slice(0, -edge.length);
  }
  if (EDGE_START.has(token[0])) {
    const edge = EDGES.find((mark) => token.startsWith(mark) && isWord(token.slice(mark.length)));
    if (edge) return token.slice(edge.length);
  }
  return token;
}

function isWord(text: string): boolean {
  return text.length > 1 && !PUNCTUATION.test(text);
}

/** True where a token has capitals and no small letters; digits and signs do not matter. ASCII, as the rules have it. */
export function isShouted(token: string): boolean {
  return /[A-Z]/.test(token) && !/[a-z]/.test(token);
}
