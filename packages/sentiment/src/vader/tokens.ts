const PUNCTUATION = /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/;
/** Marks that may surround a word. Other marks (":)", "don't") belong to the word. */
const EDGES = ['?!?!', '!?!?', '!!!', '???', '?!?', '!?!', '!!', '??', '.', '!', '?', ',', ';', ':', '-', "'", '"'];
const EDGE_START = new Set(EDGES.map((edge) => edge[0]));

/** Splits a text at white space and drops tokens of one character. */
export function tokensOf(text: string): string[] {
  return text.split(/\s/).filter((token) => token.length > 1);
}

/**
 * Removes one mark before or after a word. Emoticons, contractions and words with marks on both sides stay unchanged.
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

/** True if a token has capitals and no lower-case letters; digits and signs do not matter. ASCII only, as in the rules. */
export function isShouted(token: string): boolean {
  return /[A-Z]/.test(token) && !/[a-z]/.test(token);
}
