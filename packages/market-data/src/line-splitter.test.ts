import { expect, test } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

test('a line in many small chunks is joined once, whatever its length', () => {
  const splitter = new LineSplitter(64 * 1024 * 1024);
  const chunk = 'x'.repeat(32 * 1024);
  const chunks = 1_600;
  for (let i = 0; i < chunks; i += 1) expect(splitter.push(chunk).lines).toHaveLength(0);
  const { lines } = splitter.push('\nnext');
  expect(lines.map((line) => line.length)).toEqual([chunks * chunk.length]);
  expect(splitter.joinedChars).toBe(chunks * chunk.length);
  expect(splitter.end()).toBe('next');
});

test('lines of one chunk, of two chunks and an empty line are complete and in order', () => {
  const splitter = new LineSplitter(100);
  expect(splitter.push('one\ntw')).toEqual({ lines: ['one'], isTooLong: false });
  expect(splitter.push('o\n\nthree')).toEqual({ lines: ['two', ''], isTooLong: false });
  expect(splitter.end()).toBe('three');
  expect(splitter.end()).toBeUndefined();
});

test('a line above the limit is reported, after the lines before it', () => {
  const splitter = new LineSplitter(10);
  expect(splitter.push('one\n12345')).toEqual({ lines: ['one'], isTooLong: false });
  expect(splitter.push('678901')).toEqual({ lines: [], isTooLong: true });
  expect(new LineSplitter(10).push('one\n12345678901\ntwo\n')).toEqual({ lines: ['one'], isTooLong: true });
});
