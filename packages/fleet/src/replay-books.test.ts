import { expect, test } from 'vitest';
import { describeBooks, hadBook } from './replay-books.ts';

const whole = {
  symbol: 'BTCUSDT',
  seen_ms: 480_000,
  without_book_ms: 150,
  had_snapshot: true,
  had_updates: true,
  gaps: 0,
};
const never = { ...whole, without_book_ms: 480_000 };

test('a complete book causes no line, and neither does a summary of an earlier version', () => {
  expect(describeBooks({ books: [whole] })).toEqual([]);
  expect(describeBooks({})).toEqual([]);
  expect([hadBook({ books: [whole] }), hadBook({})]).toEqual([true, true]);
});

test.each([
  ['no snapshot', { ...never, had_snapshot: false }, 'GET depth?symbol=BTCUSDT&limit=1000 as one line'],
  ['no updates', { ...never, had_snapshot: false, had_updates: false }, 'record the stream <symbol>@depth@100ms'],
  [
    'a gap',
    { ...whole, without_book_ms: 250_400, gaps: 1 },
    'an update is missing, and only the next snapshot restores the book',
  ],
  ['a snapshot that does not join', never, 'its snapshot does not join its updates'],
])('%s: the line says what to do', (_, book, words) => {
  const [line] = describeBooks({ books: [book] });
  expect(line).toContain(`BTCUSDT had no order book for ${(book.without_book_ms / 1_000).toFixed(1)} s of 480.0 s`);
  expect(line).toContain(words);
});

test('without any book the exit code is 1', () => {
  expect(hadBook({ books: [never, whole] })).toBe(true);
  expect(hadBook({ books: [never] })).toBe(false);
  expect(hadBook({ books: [] })).toBe(false);
  expect(describeBooks({ books: [never] }).at(-1)).toContain('exit code 1');
});
