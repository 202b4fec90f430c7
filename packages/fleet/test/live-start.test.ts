import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { probeRedis } from '@helios/shared/runtime/redis-probe.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOOT_MS, env, notes, port, root, startFleet, useFleetHarness } from './fleet-harness.ts';

/** Made up, in the venue's format: Helios would treat a shorter or simpler text as a placeholder. */
const KEY = { apiKey: 'q7Wd2ZkR9fLx4TbN'.repeat(4), apiSecret: 'u3Hs8YvJ6mCp1GzA'.repeat(4) };
const OTHER = 'e5Xn0QiB7rKw2VtD'.repeat(4);
const LIVE_SERVICES = [
  'monitoring-agent',
  'decision-logger',
  'execution-manager',
  'risk-manager',
  'signal-engine',
  'dashboard-api',
  'data-ingestor',
];

useFleetHarness();

let venue: RunningExchange;
beforeEach(async () => {
  venue = await startExchange({ market: { kind: 'generator', symbols: ['BTCUSDT'] }, key: KEY });
  Object.assign(env, {
    BINANCE_REST_URL: venue.url,
    BINANCE_API_KEY: KEY.apiKey,
    BINANCE_API_SECRET: KEY.apiSecret,
  });
});
afterEach(() => venue.stop());

/** Checks that no service and no Redis was started. */
async function nothingStarted(): Promise<void> {
  expect(notes()).toEqual([]);
  expect((await probeRedis('127.0.0.1', port)).kind).toBe('NOTHING');
  expect(existsSync(join(root, '.helios', 'redis-data'))).toBe(false);
}

const written = (): string => {
  const log = join(root, 'logs', 'helios.log');
  return existsSync(log) ? readFileSync(log, 'utf8') : '';
};

describe('a live start', () => {
  it('with accepted credentials starts every service of live trading, and passes the secret to execution-manager only', async () => {
    const fleet = startFleet();
    await fleet.ready();
    const said = fleet.said();
    expect(said).toContain(`Credentials: accepted by the venue (testnet, ${venue.url}); 10000.00000000 USD available`);
    expect(said).toMatch(/Mode: LIVE · network testnet, CUSTOM VENUE at 127\.0\.0\.1:\d+.* · orders go to the venue/);
    expect(said).toMatch(/run live:testnet:custom:127\.0\.0\.1:[0-9a-z.:+]+:[0-9a-f]{10},/);
    for (const service of LIVE_SERVICES) expect(said).toMatch(new RegExp(`${service} +RUNNING`));
    expect(said).not.toContain('Standing by');
    fleet.kill('SIGTERM');
    expect(await fleet.ended).toBe(0);
    const starts = notes().filter(({ event }) => event === 'start');
    expect(starts.map(({ service }) => service).sort()).toEqual([...LIVE_SERVICES].sort());
    expect(starts.filter(({ secret }) => secret !== undefined).map(({ service }) => service)).toEqual([
      'execution-manager',
    ]);
    for (const text of [fleet.said(), written()]) expect(text).not.toContain(KEY.apiSecret);
    expect(written()).toContain('Mode: LIVE');
  });

  it.each<[string, () => void, RegExp]>([
    ['another key', () => Object.assign(env, { BINANCE_API_KEY: OTHER }), /-2015 [\s\S]*BINANCE_TESTNET=true/],
    ['another secret', () => Object.assign(env, { BINANCE_API_SECRET: OTHER }), /-1022 [\s\S]*BINANCE_API_SECRET/],
  ])('with %s ends with exit code 1, names every way out, and starts nothing', async (_, spoil, words) => {
    spoil();
    env['ALLOW_PUBLIC_MODE'] = 'true';
    const fleet = startFleet();
    expect(await fleet.ended).toBe(1);
    expect(fleet.said()).toMatch(/The venue refuses the credentials, so nothing was started/);
    expect(fleet.said()).toMatch(words);
    expect(fleet.said()).not.toMatch(/^\s+at /m);
    for (const text of [fleet.said(), written()]) {
      for (const name of ['BINANCE_API_KEY', 'BINANCE_API_SECRET']) expect(text).not.toContain(env[name]);
    }
    await nothingStarted();
  });

  it('waits while the venue is down, and starts when it is back', async () => {
    await venue.setFaults([{ fault: 'refuse' }]);
    const fleet = startFleet();
    await eventually('the fleet names the fault', () => fleet.said().includes('not verified yet (DOWN)'), BOOT_MS);
    expect(fleet.said()).toContain(venue.url);
    await nothingStarted();
    await venue.setFaults([]);
    await fleet.ready();
    expect(fleet.said().match(/not verified yet/g)).toHaveLength(1);
    fleet.kill('SIGTERM');
    expect(await fleet.ended).toBe(0);
  });

  it('ends at Ctrl-C while it waits, and has started nothing', async () => {
    await venue.setFaults([{ fault: 'hang' }]);
    const fleet = startFleet();
    await eventually('asked', () => venue.requests().requests > 0, BOOT_MS);
    fleet.kill('SIGINT');
    expect(await fleet.ended).toBe(0);
    await nothingStarted();
    expect(existsSync(join(root, '.helios', 'supervisor.json'))).toBe(false);
  });
});
