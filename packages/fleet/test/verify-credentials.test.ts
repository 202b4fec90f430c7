import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { type CheckedCredentials, verifyCredentials } from '../src/verify-credentials.ts';

const KEY = { apiKey: 'K1'.repeat(32), apiSecret: 'S2'.repeat(32) };

let venue: RunningExchange | undefined;
const stops: AbortController[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) stop.abort();
  await venue?.stop();
});

/** Starts a check against a local venue and collects its lines. Each wait lasts `waitMs` instead of the back-off. */
async function checkOn(
  options: { faults?: Parameters<RunningExchange['setFaults']>[0]; given?: Partial<typeof KEY>; waitMs?: number } = {},
) {
  venue = await startExchange({ market: { kind: 'generator', symbols: ['BTCUSDT'] }, key: KEY });
  await venue.setFaults(options.faults ?? []);
  const stop = new AbortController();
  stops.push(stop);
  const said: string[] = [];
  const waits: number[] = [];
  const checked: Promise<CheckedCredentials> = verifyCredentials({
    venue: { network: 'testnet', url: venue.url },
    ...KEY,
    ...options.given,
    say: (line) => said.push(line),
    stop: stop.signal,
    ...(options.waitMs === undefined
      ? {}
      : {
          wait: async (ms) => {
            waits.push(ms);
            await new Promise((resolve) => setTimeout(resolve, options.waitMs));
          },
        }),
  });
  return { venue, checked, said, waits, stop };
}

const refusedText = (checked: CheckedCredentials) => (checked.kind === 'REFUSED' ? checked.lines.join('\n') : '');

describe('verifyCredentials', () => {
  it('returns the account after two requests if the venue accepts the credentials', async () => {
    const { checked, said, venue } = await checkOn();
    expect(await checked).toMatchObject({ kind: 'TAKEN', account: { availableBalance: '10000.00000000' } });
    expect(said).toEqual([]);
    expect(venue.requests()).toMatchObject({ requests: 2, weight: 6 });
  });

  it.each<[string, Partial<typeof KEY>, RegExp]>([
    ['another key', { apiKey: 'X9'.repeat(32) }, /-2015 [\s\S]*request ip[\s\S]*BINANCE_TESTNET/],
    ['another secret', { apiSecret: 'X9'.repeat(32) }, /-1022 [\s\S]*BINANCE_API_SECRET/],
    ['a broken private key', { apiSecret: '-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----' }, /PEM/],
  ])('is refused with %s, and shows neither key nor secret', async (_, given, words) => {
    const { checked, said } = await checkOn({ given });
    const text = refusedText(await checked);
    expect(text).toMatch(words);
    for (const hidden of [KEY.apiKey, KEY.apiSecret, given.apiKey ?? 'AAAA', given.apiSecret ?? 'AAAA'])
      expect(`${text}${said}`).not.toContain(hidden);
  });

  it('waits for an unreachable venue, shows each new reason once, and continues when the venue is back', async () => {
    const { checked, said, waits, venue } = await checkOn({ faults: [{ fault: 'refuse' }], waitMs: 20 });
    await eventually('asked several times', () => waits.length > 3);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('not verified yet (DOWN)');
    expect(said[0]).toContain(`${venue.url}/fapi/v1/time): the connection was refused`);
    expect(said[0]).toMatch(/binance\.rest_url.*Helios asks again in 1 s.*Ctrl-C/);
    await venue.setFaults([{ fault: 'status', status: 451 }]);
    await eventually('the new reason is shown', () => said.length > 1);
    expect(said[1]).toContain('not verified yet (GEO_BLOCKED)');
    await venue.setFaults([]);
    expect(await checked).toMatchObject({ kind: 'TAKEN' });
    expect(said.filter((line) => /DOWN|GEO_BLOCKED/.test(line)).length).toBe(said.length);
    expect(said.join()).not.toContain(KEY.apiSecret);
  });

  it('backs off', async () => {
    const { waits } = await checkOn({ faults: [{ fault: 'status', status: 500 }], waitMs: 5 });
    await eventually('asked often', () => waits.length > 7);
    expect(waits.slice(0, 8)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  it.each<[string, Parameters<RunningExchange['setFaults']>[0][number]]>([
    ['while it waits', { fault: 'status', status: 418, retry_after_sec: 3_600 }],
    ['while the venue is silent', { fault: 'hang' }],
  ])('ends at once on a stop %s', async (_, fault) => {
    const { checked, stop, venue } = await checkOn({ faults: [fault] });
    await eventually('asked', () => venue.requests().requests > 0);
    const startedMs = performance.now();
    stop.abort();
    expect(await checked).toEqual({ kind: 'STOPPED' });
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  it('succeeds at a venue whose clock is an hour ahead', async () => {
    const { checked } = await checkOn({ faults: [{ fault: 'clock', offset_ms: 3_600_000 }] });
    expect(await checked).toMatchObject({ kind: 'TAKEN' });
  });
});
