import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INI_COMMENT_SIGNS, parseIni } from './parse-ini.mjs';
import { quoted } from './unquote.mjs';

const readValue = (line: string): string | undefined => parseIni(`[s]\n${line}`, 'f').entries[0]?.value;
/** Characters that are hard for parsers, more frequent than in random texts. */
const trickyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('#', ';', '=', '"', "'", ' ', '\\', '[', ']', '$', '%', '\t', ':'),
    fc.string({ maxLength: 1 }),
  ),
  maxLength: 40,
});

describe('parseIni', () => {
  it.each([
    ['kelly_fraction = 0.5          # Use 50% of Kelly recommendation', '0.5'],
    ['mode = HF_MARKET  # or HF_LIMIT, LF_MARKET, LF_LIMIT', 'HF_MARKET'],
    ['testnet = True  # Set to False for live trading', 'True'],
    ['a = 1 ; 2', '1'],
    ['a = ab#c;d=e', 'ab#c;d=e'],
    ['a=#b', '#b'],
    ['a = # nothing set', ''],
    ['a =', ''],
    ['a = "x # y" # comment', 'x # y'],
    ['a = \'x ; "y"\'', 'x ; "y"'],
    ['a = "say "hi""', 'say "hi"'],
    ['a = C:\\data\\new folder', 'C:\\data\\new folder'],
    ['a = "C:\\temp\\"', 'C:\\temp\\'],
    ['   A   =   b   ', 'b'],
  ])('%s', (line, value) => {
    expect(readValue(line)).toBe(value);
  });

  it('tolerates a byte-order mark, CRLF and headings with comments, and merges repeated sections', () => {
    const { entries, faults } = parseIni(
      '\uFEFF[A] # one\r\nx = 1\r\n\r\n; note\r\n[b]\r\ny=2\r\n[a]\r\nz = 3\r\n',
      'f',
    );
    expect(faults).toEqual([]);
    expect(entries).toEqual([
      { section: 'a', key: 'x', value: '1', line: 2 },
      { section: 'b', key: 'y', value: '2', line: 6 },
      { section: 'a', key: 'z', value: '3', line: 8 },
    ]);
  });

  it('reports a single word that begins with a comment sign, and does not drop it', () => {
    expect(parseIni('[s]\napi_secret = #abc', 'f').faults[0]?.fix).toContain("'…'");
    expect(readValue("api_secret = '#abc'")).toBe('#abc');
  });

  it('reports every unreadable line and continues', () => {
    const { entries, faults } = parseIni('[a]\nnonsense\n= 3\nk = "open\n[broken\nlost = 1\n[b]\nx = 1', 'f.ini');
    expect(faults.map(({ where }) => where)).toEqual(['f.ini line 2', 'f.ini line 3', 'f.ini line 4', 'f.ini line 5']);
    expect(entries).toEqual([{ section: 'b', key: 'x', value: '1', line: 8 }]);
  });

  it('returns a quoted value unchanged', () => {
    fc.assert(
      fc.property(trickyText, (value) => {
        const written = quoted(value, INI_COMMENT_SIGNS);
        fc.pre(written !== undefined);
        expect(readValue(`key = ${written}`)).toBe(value);
      }),
    );
  });

  it('keeps any secret without white space and without a quote or sign at its start', () => {
    const secret = fc
      .string({ unit: fc.constantFrom(...'abcXYZ019#;=\'"\\$%&/()[]{}:,.-_!?*+~@'), minLength: 1, maxLength: 80 })
      .filter((text) => !/^["'#;]/.test(text));
    fc.assert(
      fc.property(secret, fc.constantFrom('', ' # note', '\t; note', '   '), (text, tail) => {
        expect(readValue(`api_secret = ${text}${tail}`)).toBe(text);
      }),
    );
  });

  it('can write every one-line text that lacks one of the two quotes', () => {
    fc.assert(
      fc.property(trickyText, fc.constantFrom('"', "'"), (text, quote) => {
        const value = text.replaceAll(quote, '').replaceAll(/[\r\n]/g, '');
        expect(quoted(value, INI_COMMENT_SIGNS)).toBeDefined();
      }),
    );
  });

  it('never throws for any text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => parseIni(text, 'f').entries.length >= 0));
  });
});
