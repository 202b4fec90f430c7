import { describe, expect, it } from 'vitest';
import { createLineSplitter } from './line-splitter.ts';
import { formatLogLine, readLogLine } from './log-line.ts';

describe('readLogLine', () => {
  it('keeps a line of ours as it is', () => {
    const line = { ts: 5, level: 'WARN', service: 'signal-engine', message: 'depth gap', symbol: 'BTCUSDT' };
    expect(readLogLine(JSON.stringify(line), 'x', 'INFO', 9)).toEqual(line);
  });

  it.each([
    '{"ts":5',
    '{"level":"WARN"}',
    'Error: boom',
    '[1]',
    '{"ts":"5","level":"WARN","service":"a","message":"b"}',
  ])('wraps %s', (text) => {
    expect(readLogLine(text, 'signal-engine', 'WARN', 9)).toEqual({
      ts: 9,
      level: 'WARN',
      service: 'signal-engine',
      message: text,
    });
  });
});

describe('formatLogLine', () => {
  it('shows time, level, service, message and fields', () => {
    const text = formatLogLine({ ts: 0, level: 'WARN', service: 'a', message: 'gap', pu: 7, symbol: 'X', none: null });
    expect(text).toBe('1970-01-01T00:00:00.000Z WARN  a: gap  (pu=7 symbol=X)');
  });
});

describe('createLineSplitter', () => {
  it('joins chunks, drops empty lines, hands on the rest at the end', () => {
    const lines: string[] = [];
    const splitter = createLineSplitter((line) => lines.push(line));
    for (const chunk of ['a', 'b\nc\n\n', ' \nd', '']) splitter.push(chunk);
    splitter.end();
    expect(lines).toEqual(['ab', 'c', 'd']);
  });

  it('cuts a line without end once, and goes on behind it', () => {
    const lines: string[] = [];
    const splitter = createLineSplitter((line) => lines.push(line));
    for (let index = 0; index < 10; index += 1) splitter.push('x'.repeat(50_000));
    splitter.push('\nnext\n');
    expect(lines.map(({ length }) => length)).toEqual([64_000, 4]);
  });
});
