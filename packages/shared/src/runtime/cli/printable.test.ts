import { expect, test } from 'vitest';
import { printable, printableLines } from './printable.ts';

test('characters that clear the screen, begin a line or change the text direction become escapes', () => {
  expect(printable('a\u001b[2J\u001b[Hb')).toBe('a\\u001b[2J\\u001b[Hb');
  expect(printable('x\n2026-11-28 INFO all is well\r\t')).toBe('x\\n2026-11-28 INFO all is well\\r\\t');
  expect(printable('\u009b2J \u007f \u0007 \u202egnol \u2028')).toBe('\\u009b2J \\u007f \\u0007 \\u202egnol \\u2028');
});

test('ordinary text of any script stays unchanged', () => {
  expect(printable('Grüße, 中文, עברית, 👩‍🚀 – “ok” \\n')).toBe('Grüße, 中文, עברית, 👩‍🚀 – “ok” \\n');
});

test('our own lines keep their line breaks', () => {
  expect(printableLines('one\n  • two\u001b[0m')).toBe('one\n  • two\\u001b[0m');
});

test('a JSON line stays JSON with the same content', () => {
  const line = { text: 'a\u009b2J\u202e\u007f' };
  const shown = printable(JSON.stringify(line));
  expect(shown).not.toMatch(/[\u007f-\u009f\u202e]/);
  expect(JSON.parse(shown)).toEqual(line);
});
