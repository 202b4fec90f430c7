import { expect, test } from 'vitest';
import { eachLine, LineSplitter } from './line-splitter.ts';

const pushTo = (splitter: LineSplitter, text: string): { lines: string; isTooLong: boolean } => {
  const { lines, isTooLong } = splitter.push(Buffer.from(text));
  return { lines: lines.toString(), isTooLong };
};

test('a line in many small chunks is joined once, whatever its length', () => {
  const splitter = new LineSplitter(64 * 1024 * 1024);
  const chunk = 'x'.repeat(32 * 1024);
  const chunks = 1_600;
  for (let i = 0; i < chunks; i += 1) expect(splitter.push(Buffer.from(chunk)).lines).toHaveLength(0);
  const { lines } = splitter.push(Buffer.from('\nnext'));
  expect(lines.length).toBe(chunks * chunk.length + 1);
  expect(splitter.joinedBytes).toBe(lines.length);
  expect(splitter.end().toString()).toBe('next');
});

test('lines of one chunk, of two chunks and an empty line are complete and in order', () => {
  const splitter = new LineSplitter(100);
  expect(pushTo(splitter, 'one\ntw')).toEqual({ lines: 'one\n', isTooLong: false });
  expect(pushTo(splitter, 'o\n\nthree')).toEqual({ lines: 'two\n\n', isTooLong: false });
  expect(splitter.end().toString()).toBe('three');
  expect(splitter.end()).toHaveLength(0);
});

test('a line above the limit is reported, after the lines before it', () => {
  const splitter = new LineSplitter(10);
  expect(pushTo(splitter, 'one\n12345')).toEqual({ lines: 'one\n', isTooLong: false });
  expect(pushTo(splitter, '678901')).toEqual({ lines: '', isTooLong: true });
  const other = new LineSplitter(10);
  expect(pushTo(other, 'one\n12345')).toEqual({ lines: 'one\n', isTooLong: false });
  expect(pushTo(other, '678901\n')).toEqual({ lines: '', isTooLong: true });
});

test('each line has its range, the last one without a line end too', () => {
  const lines = Buffer.from('one\n\nthree');
  const texts: string[] = [];
  eachLine(lines, (from, end) => texts.push(lines.toString('utf8', from, end)));
  expect(texts).toEqual(['one', '', 'three']);
});
