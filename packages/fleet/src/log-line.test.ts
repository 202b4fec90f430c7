import { describe, expect, it } from 'vitest';
import { createLineSplitter } from './line-splitter.ts';
import { formatLogLine, readLogLine } from './log-line.ts';

describe('readLogLine', () => {
  it('keeps a log line unchanged', () => {
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

describe('foreign text in a log line', () => {
  const FORGED = '2026-11-28T20:00:00.000Z INFO  fleet: all is well';

  it.each([
    ['a field', { message: 'malformed', raw: `\u001b[2J\u001b[H\n${FORGED}` }],
    ['a field of a field', { message: 'malformed', raw: { text: `\u009b2J\r${FORGED}` } }],
    ['the name of a field', { message: 'malformed', [`\u001b[2J\n${FORGED}`]: 1 }],
    ['the message', { message: `bad \u001b[2J\r\n${FORGED}` }],
    ['the service', { message: 'x', service: `a\u001b[2J\n${FORGED}` }],
  ])('%s cannot clear the screen or forge a line', (_, fields) => {
    const text = formatLogLine({ ts: 0, level: 'WARN', service: 'a', ...fields });
    expect(text).not.toMatch(/[\p{Cc}](?<!\n)/u);
    const [first = '', ...more] = text.split('\n');
    expect(first).toMatch(/^1970-01-01T00:00:00.000Z WARN {2}a/);
    for (const line of more) expect(line).toMatch(/^ {4}/);
  });
});

describe('createLineSplitter', () => {
  it('joins chunks, drops empty lines, and hands on the rest at the end', () => {
    const lines: string[] = [];
    const splitter = createLineSplitter((line) => lines.push(line));
    for (const chunk of ['a', 'b\nc\n\n', ' \nd', '']) splitter.push(chunk);
    splitter.end();
    expect(lines).toEqual(['ab', 'c', 'd']);
  });

  it('cuts an endless line once, and continues after it', () => {
    const lines: string[] = [];
    const splitter = createLineSplitter((line) => lines.push(line));
    for (let index = 0; index < 10; index += 1) splitter.push('x'.repeat(50_000));
    splitter.push('\nnext\n');
    expect(lines.map(({ length }) => length)).toEqual([64_000, 4]);
  });
});
