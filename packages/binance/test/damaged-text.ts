import fc from 'fast-check';

/** Pieces that change what a JSON text means, or break it. */
const PIECES = [
  '',
  '"',
  ',',
  '.',
  '0',
  '9',
  '-',
  'e',
  ' ',
  '{',
  '}',
  '[',
  ']',
  '["1","0"]',
  '\\u0031',
  '"st":2,',
  'é',
  '\n',
];

/** Each of these texts with up to three characters replaced by a piece, anywhere. */
export function damagedText(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(texts, fc.nat(), fc.nat(3), fc.constantFrom(...PIECES)).map(([text, position, removed, added]) => {
    const at = position % text.length;
    return text.slice(0, at) + added + text.slice(at + removed);
  });
}
