import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOTENV_COMMENT_SIGNS, parseDotenv } from './parse-dotenv.mjs';
import { quoted } from './unquote.mjs';

const readValue = (line: string): string | undefined => parseDotenv(line, '.env').entries[0]?.value;

describe('parseDotenv', () => {
  it.each([
    ['A=1', '1'],
    ['export A=1', '1'],
    ['  A = 1 # one', '1'],
    ['A=x;y z', 'x;y z'],
    ['A=x ; y', 'x ; y'],
    ['A=pass#word', 'pass#word'],
    ["A='pa$$ # word'", 'pa$$ # word'],
    ['A="two words" # note', 'two words'],
    ['A=', ''],
    ['A= # nothing', ''],
  ])('%s', (line, value) => {
    expect(readValue(line)).toBe(value);
  });

  it('counts lines across comments, CRLF and a byte-order mark', () => {
    expect(parseDotenv('\uFEFF# head\r\n\r\nA=1\r\n', '.env').entries).toEqual([{ name: 'A', value: '1', line: 3 }]);
  });

  it('reports every invalid line without its content', () => {
    const { faults } = parseDotenv('my secret words\n1A=2\nB="open', '.env');
    expect(faults.map(({ where }) => where)).toEqual(['.env line 1', '.env line 2', '.env line 3']);
    expect(JSON.stringify(faults)).not.toContain('secret words');
  });

  it('returns a quoted value unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab #;="\'\\$'), maxLength: 30 }), (value) => {
        const written = quoted(value, DOTENV_COMMENT_SIGNS);
        fc.pre(written !== undefined);
        expect(readValue(`A=${written}`)).toBe(value);
      }),
    );
  });
});
