import type { HttpOutcome } from '@helios/shared/runtime/http-client.ts';
import { describe, expect, test } from 'vitest';
import { judgeReply, type Server } from './judge-reply.ts';
import type { RestFailureCode } from './rest-answer.ts';

const NOW = 1_700_000_000_000;
const server: Server = { name: 'Binance', urlSetting: 'binance.rest_url', origin: 'https://fapi.binance.com' };

function judge(status: number, body: string, headers: Record<string, string> = {}) {
  const reply: HttpOutcome = { kind: 'REPLY', status, headers, body };
  return judgeReply(reply, server, '/fapi/v1/depth?symbol=X', NOW);
}

const utc = (afterMs: number): string => new Date(NOW + afterMs).toUTCString();
const HTML = '<html>\n<head><title>502 Bad Gateway</title></head></html>';

describe('what a reply means', () => {
  test.each<[string, number, string, RestFailureCode]>([
    ['a gateway’s page', 502, HTML, 'DOWN'],
    ['maintenance', 503, '{"code":-1000,"msg":"x"}', 'DOWN'],
    ['a request timeout', 408, '', 'DOWN'],
    ['too many requests', 429, '{"code":-1003,"msg":"Too many requests"}', 'LIMITED'],
    ['a ban', 418, '{"code":-1003,"msg":"Way too many requests"}', 'BANNED'],
    ['the web firewall', 403, HTML, 'GEO_BLOCKED'],
    ['a region', 451, '{"code":0,"msg":"Service unavailable from a restricted location"}', 'GEO_BLOCKED'],
    ['a symbol it does not know', 400, '{"code":-1121,"msg":"Invalid symbol."}', 'REJECTED'],
    ['a wrong address', 404, HTML, 'REJECTED'],
    ['a page instead of JSON', 200, HTML, 'GARBAGE'],
    ['half an answer', 200, '{"lastUpdateId":12,"bids":[["4.0', 'GARBAGE'],
    ['nothing', 200, '', 'GARBAGE'],
    ['a redirection', 302, '', 'GARBAGE'],
  ])('%s: status %d', (_, status, body, code) => {
    const judged = judge(status, body);
    expect(judged).toMatchObject({ kind: 'FAILURE', code, status });
    if (judged.kind !== 'FAILURE') throw new Error('judged a success');
    expect(judged.detail).toContain('Binance (https://fapi.binance.com/fapi/v1/depth?symbol=X)');
    expect(judged.detail).not.toContain('\n');
    expect(judged.advice).not.toBe('');
  });

  test('no reply at all', () => {
    const none: HttpOutcome = {
      kind: 'NO_REPLY',
      cause: 'UNREACHABLE',
      problem: 'the connection was refused (ECONNREFUSED)',
    };
    expect(judgeReply(none, server, '/x', NOW)).toMatchObject({
      code: 'DOWN',
      detail: expect.stringContaining('refused'),
    });
  });

  test('the JSON of a 200 is returned', () => {
    expect(judge(200, '{"a":1}')).toEqual({ kind: 'JSON', json: { a: 1 } });
  });

  test('a firewall does not count as a region block', () => {
    expect(judge(451, '')).toMatchObject({ advice: expect.stringContaining('country') });
    expect(judge(403, HTML)).toMatchObject({ advice: expect.stringMatching(/firewall.*binance\.rest_url/) });
    expect(judge(403, HTML)).toMatchObject({ advice: expect.not.stringContaining('country') });
  });

  test('the venue’s own code is kept', () => {
    expect(judge(400, '{"code":-1121,"msg":"Invalid symbol."}')).toMatchObject({ serverCode: -1121 });
  });
});

describe('how long to wait', () => {
  test.each<[string, Record<string, string>, string, number | undefined]>([
    ['seconds', { 'retry-after': '30' }, '', 30_000],
    ['a date', { 'retry-after': new Date(NOW + 90_000).toUTCString() }, '', 90_000],
    ['words', {}, `{"msg":"IP banned until ${NOW + 5_000}."}`, 5_000],
    ['nonsense', { 'retry-after': 'later' }, '', undefined],
    ['nothing', {}, '', undefined],
    ['a date on the server’s own clock', { 'retry-after': utc(690_000), date: utc(600_000) }, '', 90_000],
    [
      'words on the server’s own clock',
      { date: utc(-600_000) },
      `{"msg":"IP banned until ${NOW - 500_000}."}`,
      100_000,
    ],
  ])('%s', (_, headers, body, expected) => {
    for (const status of [418, 429]) {
      const judged = judge(status, body, headers);
      expect(judged.kind === 'FAILURE' ? judged.retryAfterMs : 'none').toBe(expected);
    }
  });

  test('the text of a ban counts if its header names no time', () => {
    const words = `{"msg":"IP banned until ${NOW + 5_000}."}`;
    expect(judge(418, words, { 'retry-after': '0' })).toMatchObject({ retryAfterMs: 5_000 });
  });

  test.each<[string, Record<string, string>, string]>([
    ['no seconds', { 'retry-after': '0' }, ''],
    ['a date in the past', { 'retry-after': utc(-90_000) }, ''],
    ['words with a time in the past', {}, `{"msg":"IP banned until ${NOW - 1}."}`],
  ])('%s: a limit may be over, but a new ban cannot', (_, headers, body) => {
    expect(judge(429, body, headers)).toMatchObject({ code: 'LIMITED', retryAfterMs: 0 });
    expect(judge(418, body, headers)).not.toHaveProperty('retryAfterMs');
    expect(judge(418, body, headers)).toMatchObject({ detail: expect.not.stringContaining('for 0 s') });
  });
});
