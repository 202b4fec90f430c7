import { expect, test } from 'vitest';
import { csvLine } from './csv-line.ts';

test('a text that begins a formula is made a text again, a negative number stays a number', () => {
  expect(csvLine(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', 'a=b', -0.5, 0])).toBe(
    "'=1+1,'+1,'-1,'@SUM(A1),'\tx,a=b,-0.5,0\r\n",
  );
  expect(csvLine(['=HYPERLINK("http://x";"y")'])).toBe('"\'=HYPERLINK(""http://x"";""y"")"\r\n');
});
