import { readFileSync } from 'node:fs';
import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { Records, Streams, Values } from '@helios/shared/contracts/catalog.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, expect, test } from 'vitest';
import { TestFleet } from './harness/fleet.ts';

const KEY = { apiKey: 'q7Wd2ZkR9fLx4TbN'.repeat(4), apiSecret: 'u3Hs8YvJ6mCp1GzA'.repeat(4) };
const SERVICES = [
  'execution-manager',
  'risk-manager',
  'decision-logger',
  'monitoring-agent',
  'signal-engine',
  'dashboard-api',
  'data-ingestor',
] as const;

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function liveFleet(key: typeof KEY): Promise<{ fleet: TestFleet; venue: RunningExchange }> {
  const venue = await startExchange({ market: { kind: 'generator', symbols: ['BTCUSDT'] }, key: KEY });
  open.push(() => venue.stop());
  const fleet = await TestFleet.prepare();
  open.push(() => fleet.remove());
  fleet.launch({
    env: {
      ALLOW_PUBLIC_MODE: 'true',
      BINANCE_REST_URL: venue.url,
      BINANCE_STREAM_URL: venue.streamUrl,
      BINANCE_API_KEY: key.apiKey,
      BINANCE_API_SECRET: key.apiSecret,
      TRADING_SYMBOLS: 'BTCUSDT',
      DASHBOARD_LOGIN: 'false',
      // A trigger on nearly every book.
      SIGNALS_NOBI_THRESHOLD: '0.05',
      SIGNALS_REFUSAL_LOG_INTERVAL_SEC: '1',
    },
  });
  return { fleet, venue };
}

/** The processes whose environment contains a text. */
const holders = (pids: readonly number[], text: string): number[] =>
  pids.filter((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text));

test('a live fleet is HALTED until Start is pressed, and gives the secret only to execution-manager', async () => {
  const { fleet } = await liveFleet(KEY);
  const pids = Object.fromEntries(
    await Promise.all(SERVICES.map(async (member) => [member, await fleet.up(member)] as const)),
  );
  expect(fleet.said).toMatch(/Mode: LIVE · network testnet, CUSTOM VENUE at .* · orders go to the venue/);
  const bus = await fleet.connect('dashboard-api');
  open.push(() => bus.close());
  const state = async () => await bus.getRecord(Records.fleetState);
  await eventually('the trading state', async () => (await state()) !== undefined, 20_000);
  for (const service of SERVICES)
    expect(await bus.getRecord(Records.heartbeat, { service })).toMatchObject({ service, status: 'RUNNING' });
  expect(holders(Object.values(pids), KEY.apiSecret)).toEqual([pids['execution-manager']]);
  expect(await state()).toMatchObject({ state: 'HALTED', reason: 'first live start: press Start to trade' });

  const site = `http://127.0.0.1:${fleet.dashboardPort}`;
  await eventually('the page answers', async () => (await fetch(`${site}/healthz`).catch(() => undefined))?.ok, 30_000);
  await eventually(
    'a streamed book',
    async () => (await bus.get(Values.orderbook, { symbol: 'BTCUSDT' })) !== undefined,
    30_000,
  );
  const refusals = () => fleet.redis('XREVRANGE', 'refusals', '+', '-', 'COUNT', '5');
  await eventually(
    'a trigger that the trading state refuses',
    async () => (await refusals()).includes('TRADING_STATE'),
    30_000,
  );
  const press = async (action: string) => {
    const answer = await fetch(`${site}/api/control`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action }),
    });
    return { status: answer.status, body: await answer.json() };
  };
  await eventually('Start is not refused', async () => (await press('start')).status === 200, 30_000);
  await eventually('trading is ACTIVE', async () => (await state())?.state === 'ACTIVE');
  expect((await press('flatten')).status).toBe(200);
  await eventually('the venue proves that nothing is open', async () => (await state())?.state === 'HALTED', 20_000);
  expect((await state())?.reason).toMatch(/everything is closed$/);
  expect(await fleet.stop()).toBe(0);
  expect(fleet.said).not.toContain(KEY.apiSecret);
  expect(JSON.stringify(fleet.logged())).not.toContain(KEY.apiSecret);
  await eventually('no process of it is left', async () => fleet.leftovers().length === 0);
}, 150_000);

test('Start is refused with its reasons while the account is not ready', async () => {
  const { fleet, venue } = await liveFleet(KEY);
  await fleet.up('execution-manager');
  await fleet.up('dashboard-api');
  await venue.setFaults([{ fault: 'refuse' }]);
  const site = `http://127.0.0.1:${fleet.dashboardPort}`;
  await eventually('the page answers', async () => (await fetch(`${site}/healthz`).catch(() => undefined))?.ok, 30_000);
  const refused = async () => {
    const answer = await fetch(`${site}/api/control`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"action":"start"}',
    });
    const body = await answer.text();
    return answer.status === 409 && body.includes('USER_STREAM') ? body : undefined;
  };
  expect(await eventually('the reason', refused, 60_000)).toContain('START_REFUSED');
  const bus = await fleet.connect('dashboard-api');
  open.push(() => bus.close());
  // Directly to the stream, not through the page.
  await bus.write((batch) => {
    const command = { command_id: 'by-hand', action: 'start', issued_by: 'a hand', issued_ts: Date.now() } as const;
    batch.append(Streams.operatorCommands, command);
  });
  const state = async () => await bus.getRecord(Records.fleetState);
  await eventually('it is answered', async () => (await state())?.applied_commands.includes('by-hand'), 20_000);
  expect(await state()).toMatchObject({ state: 'HALTED' });
}, 150_000);

test('F50 credentials that the venue refuses end the start, whatever else is allowed', async () => {
  const { fleet, venue } = await liveFleet({ ...KEY, apiSecret: 'e5Xn0QiB7rKw2VtD'.repeat(4) });
  await eventually('it has ended', () => fleet.leftovers().length === 0, 60_000);
  expect(fleet.said).toMatch(/The venue refuses the credentials, so nothing was started[\s\S]*-1022/);
  expect(await fleet.stop()).toBe(1);
  expect(venue.requests().requests).toBe(2);
}, 90_000);
