import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Channels, Lists, Maps, Streams, Values } from '@helios/shared/contracts/catalog.ts';
import { findRedisServer } from '@helios/shared/testing/test-redis.ts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { TestFleet } from '../harness/fleet.ts';

const LIBRARIES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/local/lib'];
const FAKETIME = LIBRARIES.map((folder) => join(folder, 'faketime', 'libfaketimeMT.so.1')).find((file) =>
  existsSync(file),
);
const HOUR_MS = 3_600_000;
const MAX_HOLD_SEC = 12;
const soon = { timeout: 30_000, interval: 100 };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A machine whose clock the test sets. Redis keeps the true time, because its allocator does not work with libfaketime. */
function settableClock() {
  const folder = mkdtempSync(join(tmpdir(), 'helios-clock-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'offset');
  const setBy = (seconds: number) => writeFileSync(file, `${seconds >= 0 ? '+' : ''}${seconds}\n`);
  setBy(0);
  const server = join(folder, 'redis-server');
  writeFileSync(server, `#!/bin/sh\nunset LD_PRELOAD\nexec '${findRedisServer().path}' "$@"\n`);
  chmodSync(server, 0o755);
  const env = {
    LD_PRELOAD: FAKETIME ?? '',
    HELIOS_REDIS_SERVER: server,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    // Setting the clock moves no timer.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  return { env, setBy };
}

describe.skipIf(FAKETIME === undefined)('a clock set back by an hour', () => {
  test('stops no price, no sample and no exit, and raises one alert', { timeout: 180_000 }, async () => {
    const clock = settableClock();
    const fleet = await TestFleet.start({
      env: {
        ...clock.env,
        DASHBOARD_LOGIN: 'false',
        RISK_MAX_HOLD_SEC: String(MAX_HOLD_SEC),
        REGIME_ENABLED: 'false',
        ALERTS_LOOP_LAG_MS: '60000',
      },
    });
    cleanups.push(() => fleet.remove());
    const page = await fleet.connect('dashboard-api');
    const engine = await fleet.connect('signal-engine');
    cleanups.push(
      () => page.close(),
      () => engine.close(),
    );
    const rows = async () => {
      const answer = await fetch(`http://127.0.0.1:${fleet.dashboardPort}/api/prices`);
      return ((await answer.json()) as { rows: { symbol: string; ts?: number; age_ms?: number; stale: boolean }[] })
        .rows;
    };
    await vi.waitFor(async () => {
      const seen = await rows();
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.every(({ stale, age_ms }) => !stale && age_ms !== undefined)).toBe(true);
    }, soon);
    const symbol = (await rows())[0]?.symbol ?? '';
    await engine.write((batch) =>
      batch.publish(Channels.tradingSignals, { signal_id: 'held', symbol, direction: 'LONG', entry_price: 1 }),
    );
    await vi.waitFor(
      async () => expect(Object.keys(await page.getMap(Maps.openPositions))).toContain(`${symbol}:LONG`),
      soon,
    );

    clock.setBy(-HOUR_MS / 1_000);
    const isOfNow = (ts: number | undefined) => Math.abs((ts ?? 0) - (Date.now() - HOUR_MS)) < 5_000;
    const openedMs = performance.now();

    // Every price continues with the new time.
    await vi.waitFor(
      async () => {
        const now = await rows();
        expect(now.filter(({ ts, stale }) => !isOfNow(ts) || stale)).toEqual([]);
      },
      { timeout: 10_000, interval: 100 },
    );
    const first = new Map((await rows()).map(({ symbol: name, ts }) => [name, ts]));
    await vi.waitFor(
      async () => {
        for (const { symbol: name, ts } of await rows())
          expect(ts).toBeGreaterThan(first.get(name) ?? Number.POSITIVE_INFINITY);
      },
      { timeout: 5_000, interval: 100 },
    );

    // The samples do, too.
    await vi.waitFor(
      async () => expect(isOfNow((await page.get(Values.orderbook, { symbol }))?.ts_event)).toBe(true),
      soon,
    );
    const sample = await page.get(Values.orderbook, { symbol });
    await vi.waitFor(
      async () => {
        expect((await page.get(Values.orderbook, { symbol }))?.ts_event).toBeGreaterThan(sample?.ts_event ?? 0);
      },
      { timeout: 5_000, interval: 100 },
    );

    // The position closes at its maximum holding time, which is a duration and not a time of day.
    await vi.waitFor(async () => {
      const [exit] = (await page.getList(Lists.decisionLogs, 50)).filter(
        (decision) => decision.symbol === symbol && decision.direction === 'EXIT_LONG',
      );
      expect(exit).toMatchObject({ outcome: 'CLOSED', exit_reason: 'TIME_EXIT' });
    }, soon);
    expect(performance.now() - openedMs).toBeLessThan((MAX_HOLD_SEC + 5) * 1_000);

    await vi.waitFor(async () => {
      const alerts = (await page.getLatest(Streams.alerts, 100)).map(({ code, stage, message }) => ({
        code,
        stage,
        message,
      }));
      expect(alerts).toEqual([
        {
          code: 'CLOCK_SET_BACK',
          stage: 'RAISED',
          message: expect.stringMatching(/^The machine’s clock was set back by 3(599|600) s\.$/),
        },
      ]);
    }, soon);
    const health = await (await fetch(`http://127.0.0.1:${fleet.dashboardPort}/api/health`)).json();
    const { services } = health as { services: { service: string; status: string; heartbeat_age_ms?: number }[] };
    expect(services.map(({ status }) => status)).toEqual(services.map(() => 'RUNNING'));
    for (const { heartbeat_age_ms } of services) expect(heartbeat_age_ms).toBeLessThan(5_000);

    // Redis ids continue from the old time, and commands still arrive.
    for (const [action, state] of [
      ['stop', 'REDUCING'],
      ['start', 'ACTIVE'],
    ] as const) {
      const answer = await fetch(`http://127.0.0.1:${fleet.dashboardPort}/api/control`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ action }),
      });
      expect(await answer.json()).toMatchObject({ applied: true, trading: { state } });
    }
    expect(fleet.logged().filter(({ level }) => level === 'ERROR' || level === 'FATAL')).toEqual([]);
  });
});
