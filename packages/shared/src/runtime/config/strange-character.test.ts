import { describe, expect, test } from 'vitest';
import { parseDotenv } from './parse-dotenv.mjs';
import { parseIni } from './parse-ini.mjs';

const SECRET = 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A';

describe('.env', () => {
  test.each([
    [
      `A=1\nBINANCE_API_KEY=\u200b${SECRET}`,
      '.env line 2 column 17',
      'BINANCE_API_KEY has a ZERO WIDTH SPACE (U+200B)',
    ],
    [`BINANCE_API_KEY=${SECRET}\u200d`, '.env line 1 column 81', 'BINANCE_API_KEY has a ZERO WIDTH JOINER (U+200D)'],
    [`BINANCE\u200b_API_KEY=${SECRET}`, '.env line 1 column 8', 'the line has a ZERO WIDTH SPACE (U+200B)'],
    [`A=1\n\ufeffB=2`, '.env line 2 column 1', 'a BYTE ORDER MARK (U+FEFF)'],
    ['REDIS_PASSWORD=abc\u00a0# note', '.env line 1 column 19', 'a NO-BREAK SPACE (U+00A0)'],
    ["REDIS_PASSWORD='abc\u00a0def'", '.env line 1 column 20', 'a NO-BREAK SPACE (U+00A0)'],
    [`BINANCE_API_KEY=“${SECRET}”`, '.env line 1 column 17', 'a LEFT DOUBLE QUOTATION MARK (U+201C), a curly quote'],
    ['A=\u0007b', '.env line 1 column 3', 'a character U+0007, which is invisible'],
  ])('%j is rejected with its place, and no value is shown', (text, where, words) => {
    const { faults, entries } = parseDotenv(text, '.env');
    expect(faults.map((fault) => fault.where)).toEqual([where]);
    expect(faults[0]?.what).toContain(words);
    expect(JSON.stringify(faults)).not.toContain(SECRET);
    expect(entries.map(({ name }) => name)).toEqual(text.startsWith('A=1') ? ['A'] : []);
  });

  test('harmless characters are kept: comments, umlauts, and curly quotes between straight ones', () => {
    const text = '# “a\u00a0note”\nA=1 # “it’s”\nB=\'it’s "x"\'\nC=größe €\nD=\n';
    expect(parseDotenv(text, '.env').faults).toEqual([]);
    expect(parseDotenv(text, '.env').entries.map(({ value }) => value)).toEqual(['1', 'it’s "x"', 'größe €', '']);
  });
});

describe('config.ini', () => {
  test.each([
    ['[trading]\nlever\u200bage = 5', 'config.ini line 2 column 6', 'the key has a ZERO WIDTH SPACE (U+200B)'],
    ['[trading]\nleverage = 5\u00a0; five', 'config.ini line 2 column 13', 'leverage has a NO-BREAK SPACE (U+00A0)'],
    ['[trad\u2060ing]\nleverage = 5', 'config.ini line 1 column 6', 'the section heading has a WORD JOINER (U+2060)'],
    [
      '[system]\nredis_host = ‘x’',
      'config.ini line 2 column 14',
      'redis_host has a LEFT SINGLE QUOTATION MARK (U+2018)',
    ],
  ])('%j is rejected with its place', (text, where, words) => {
    const { faults } = parseIni(text, 'config.ini');
    expect(faults.map((fault) => fault.where)).toEqual([where]);
    expect(faults[0]?.what).toContain(words);
  });

  test('a comment may contain any character', () => {
    expect(parseIni('[trading]\n; “x”\nleverage = 5 # it’s\u200b fine\n', 'config.ini').faults).toEqual([]);
  });
});
