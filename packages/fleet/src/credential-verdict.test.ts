import { judgeReply, type Server } from '@helios/binance/rest/judge-reply.ts';
import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import { describe, expect, it } from 'vitest';
import { type AskedVenue, credentialVerdict } from './credential-verdict.ts';

const TESTNET: AskedVenue = { network: 'testnet', url: 'https://demo-fapi.binance.com' };
const MAINNET: AskedVenue = { network: 'mainnet', url: 'https://fapi.binance.com' };
const SERVER: Server = { name: 'Binance', urlSetting: 'binance.rest_url', origin: TESTNET.url };
const NOW = 1_800_000_000_000;
const HTML = '<html><h1>no</h1></html>';
const code = (number: number, msg = 'no') => JSON.stringify({ code: number, msg });

/** The failure that the REST client reports for a reply. */
function failureOf(status: number, body: string, headers: Record<string, string> = {}): RestFailure {
  const judged = judgeReply({ kind: 'REPLY', status, headers, body }, SERVER, '/fapi/v3/account', NOW);
  if (judged.kind !== 'FAILURE') throw new Error('judged a success');
  return judged;
}

function refusal(status: number, body: string, venue = TESTNET): string {
  const verdict = credentialVerdict(failureOf(status, body), venue, 0);
  if (verdict.kind !== 'REFUSED') throw new Error(`not refused but ${verdict.kind}`);
  return verdict.lines.join('\n');
}

describe('credentials are refused', () => {
  it.each<[string, number, string]>([
    ['an unknown key', 401, code(-2008)],
    ['an unknown key, by another status', 400, code(-2008)],
    ['a key of another form', 401, code(-2014)],
    ['a wrong key, address or permission', 401, code(-2015)],
    ['the signature', 400, code(-1022)],
    ['an address that is not on the list', 400, code(-1011)],
    ['no authorisation', 400, code(-1002)],
    ['401 without a code', 401, HTML],
    ['an unknown code', 400, code(-9999)],
  ])('for %s, with the venue’s message, every way out and no other mode', (_, status, body) => {
    const text = refusal(status, body);
    expect(text).toMatch(
      /^The venue refuses the credentials, so nothing was started\. Helios did not fall back to another mode\./,
    );
    expect(text).toContain(`status ${status}`);
    expect(text).toContain('BINANCE_TESTNET=true asks the test venue (https://demo-fapi.binance.com)');
    expect(text).toContain('ALLOW_PUBLIC_MODE=true');
  });

  it('F50 names the network of the venue', () => {
    expect(refusal(401, code(-2015), MAINNET)).toContain('BINANCE_TESTNET=false asks the real venue');
  });

  it('names secret, address and permission if these may be the reason', () => {
    expect(refusal(400, code(-1022))).toMatch(/secret does not belong to the key: copy BINANCE_API_SECRET again/);
    const text = refusal(401, code(-2015, 'Invalid API-key, IP, or permissions for action, request ip: 203.0.113.7'));
    expect(text).toMatch(/request ip: 203\.0\.113\.7[\s\S]*restricted to other addresses[\s\S]*Enable Futures/);
  });
});

describe('after an answer unrelated to the credentials the start waits', () => {
  it.each<[string, number, string]>([
    ['the web firewall', 403, HTML],
    ['a region', 451, code(0)],
    ['a limit', 429, code(-1003)],
    ['a ban', 418, code(-1003)],
    ['their failure', 500, code(-1000)],
    ['overload', 503, code(-1008)],
    ['a gateway', 502, HTML],
    ['a timeout of theirs', 408, ''],
    ['a clock out of step', 400, code(-1021)],
    ['a disconnection', 400, code(-1001)],
    ['an unknown path', 404, code(-5000)],
    ['somebody else’s page', 404, HTML],
    ['a page in place of JSON', 200, HTML],
    ['half an answer', 200, '{"availableBal'],
  ])('%s', (_, status, body) => {
    expect(credentialVerdict(failureOf(status, body), TESTNET, 0).kind).toBe('WAIT');
  });

  it('silence', () => {
    const none = judgeReply({ kind: 'NO_REPLY', cause: 'UNREACHABLE', problem: 'no' }, SERVER, '/', NOW);
    if (none.kind !== 'FAILURE') throw new Error('judged a success');
    expect(credentialVerdict(none, TESTNET, 0).kind).toBe('WAIT');
  });

  const waits = (failure: RestFailure, attempts: readonly number[]) =>
    attempts.map((attempt) => {
      const verdict = credentialVerdict(failure, TESTNET, attempt);
      return verdict.kind === 'WAIT' ? verdict.waitMs : undefined;
    });

  it('with growing pauses of at most a minute', () => {
    expect(waits(failureOf(502, HTML), [0, 1, 2, 5, 6, 5_000])).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
  });

  it('as long as a limit or a ban lasts, at most three days', () => {
    expect(waits(failureOf(429, code(-1003), { 'retry-after': '7' }), [0, 6])).toEqual([8_000, 60_000]);
    expect(waits(failureOf(429, code(-1003)), [0])).toEqual([61_000]);
    expect(waits(failureOf(418, code(-1003)), [0])).toEqual([121_000]);
    expect(waits(failureOf(418, code(-1003, `banned until ${NOW + 600_000}`)), [0])).toEqual([601_000]);
    expect(waits(failureOf(418, code(-1003), { 'retry-after': '99999999999' }), [0])).toEqual([259_200_000]);
  });
});
