import { expect, test } from 'vitest';
import { csvLine } from './csv-line.ts';

test('a text that begins like a formula becomes text, and a negative number stays a number', () => {
  expect(csvLine(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', 'a=b', -0.5, 0])).toBe(
    "'=1+1,'+1,'-1,'@SUM(A1),\\tx,a=b,-0.5,0\r\n",
  );
  expect(csvLine(['=HYPERLINK("http://x";"y")'])).toBe('"\'=HYPERLINK(""http://x"";""y"")"\r\n');
});

test('control characters, line breaks and characters that change the text direction become escapes, as on a terminal', () => {
  expect(csvLine(['\u001b[2J\u009b1m', 'a\u202eb\u2028', 'two\r\n=lines', 'Grüße'])).toBe(
    '\\u001b[2J\\u009b1m,a\\u202eb\\u2028,two\\r\\n=lines,Grüße\r\n',
  );
});
