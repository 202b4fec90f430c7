import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerEvent, LedgerOrder } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import { startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { describe, expect, test } from 'vitest';
import { faultPlan } from '../src/rehearse/fault-plan.ts';
import type { FleetBooks } from '../src/rehearse/read-books.ts';
import { type Rehearsed, rehearsalReport } from '../src/rehearse/rehearsal-report.ts';
import { rehearsalEnvironment } from '../src/rehearse/rehearsal-settings.ts';

const HOUR_MS = 3_600_000;

describe('faultPlan', () => {
  test('the local exchange can make every fault', async () => {
    const venue = await startExchange({ market: { kind: 'generator', symbols: ['BTCUSDT'] } });
    try {
      for (const { faults } of faultPlan('BTCUSDT', 0, HOUR_MS)) await venue.setFaults(faults);
    } finally {
      await venue.stop();
    }
  });

  test.each([0, 1, 5, 999])('seed %i: faults do not overlap, end in time, and a seed gives one plan', (seed) => {
    const plan = faultPlan('BTCUSDT', seed, HOUR_MS / 6);
    expect(plan.length).toBeGreaterThan(10);
    for (const [index, { atMs, forMs }] of plan.entries())
      expect(atMs + forMs).toBeLessThan(plan[index + 1]?.atMs ?? HOUR_MS / 6 + 1);
    expect(faultPlan('BTCUSDT', seed, HOUR_MS / 6)).toEqual(plan);
  });
});

test('the fleet of a rehearsal knows nothing of the real account', () => {
  const root = settingsFolder();
  const folder = join(root, 'rehearsal');
  mkdirSync(folder);
  writeFileSync(join(folder, 'old'), '');
  const configFile = join(root, 'config.ini');
  writeFileSync(configFile, '[binance]\napi_key = REALKEY\ntestnet = false\n[risk]\nmax_hold_sec = 99\n');
  const real = { BINANCE_API_SECRET: 'REALSECRET', BINANCE_TESTNET: 'false', LIVE_TRADING_CONFIRM: 'mainnet' };
  const place = { folder, redisPort: 1, dashboardPort: 2, symbols: ['BTCUSDT'], configFile };
  const venue = { url: 'http://127.0.0.1:9', streamUrl: 'ws://127.0.0.1:9' };
  const env = rehearsalEnvironment({ ...place, venue }, { ...real, PATH: '/bin', REDIS_URL: 'redis://real' });
  expect(JSON.stringify(env)).not.toMatch(/REAL|real|mainnet/);
  expect(env['PATH']).toBe('/bin');
  expect(existsSync(join(folder, 'old'))).toBe(false);
  const { settings, switches } = loadSettings({ env, root });
  expect(settings.binance).toMatchObject({ testnet: true, rest_url: venue.url, stream_url: venue.streamUrl });
  expect(settings.risk.max_hold_sec).toBe(99);
  expect(JSON.stringify([settings, switches])).not.toContain('REAL');
});

describe('rehearsalReport', () => {
  const id = `he-${'a'.repeat(24)}-e1-a`;
  const order: LedgerOrder = {
    ...{ order_id: '1', client_order_id: id, symbol: 'BTCUSDT', side: 'BUY', reduce_only: false, quantity: '0.010' },
    status: 'FILLED',
  };
  const fill = { trade_id: '1', quantity: '0.010', commission: '0.25', realised: '-1.00' };
  const filled: LedgerEvent = { seq: 1, ts: 50_000, kind: 'ORDER', execution: 'TRADE', order, fill };
  const position = (seq: number, ts: number, quantity: string): LedgerEvent => ({
    ...{ seq, ts, kind: 'BALANCE', reason: 'ORDER', positions: [{ symbol: 'BTCUSDT', quantity }] },
  });
  const answer = { execution_id: 's#1', signal_id: 's', answer: 'FILLED', fill: { trade_id: '1', quantity: 0.01 } };
  const books = { executions: [answer], trades: [{ realized_pnl: -1.3 }], signals: ['s'] } as unknown as FleetBooks;
  const rehearsed: Rehearsed = {
    ...{ startedTs: 0, endedTs: 300_000, walletBefore: '10000', walletAfter: '9998.70', leftOpen: [] },
    ledger: [filled],
    ...{ books, maxMinuteWeight: 300 },
    faults: [{ what: 'F1 a fault', fromTs: 48_000, toTs: 52_000 }],
  };

  test('splits the change of the wallet into prices, fees and funding, and tells each fault its part', () => {
    const { lines, isClean } = rehearsalReport(rehearsed);
    expect(isClean).toBe(true);
    const text = lines.join('\n');
    expect(text).toContain('10000.00 → 9998.70: −1.30 USDT');
    expect(text).toContain('prices −1.00, fees −0.25, funding −0.05');
    expect(text).toMatch(/0:48 +F1 a fault +−1\.25 USDT in 1 fills/);
    expect(text).toContain('rules       none broken');
  });

  test('a bare position is a broken rule, except while the venue is away', () => {
    const ledger = [filled, position(2, 50_000, '0.010'), position(3, 56_000, '0')];
    expect(rehearsalReport({ ...rehearsed, ledger })).toMatchObject({ isClean: false });
    const away = { what: 'away', isSilent: true, fromTs: 49_000, toTs: 56_000 };
    expect(rehearsalReport({ ...rehearsed, ledger, faults: [away] })).toMatchObject({ isClean: true });
    const killed = [{ fromTs: 50_000, toTs: 55_000 }];
    expect(rehearsalReport({ ...rehearsed, ledger, silences: killed })).toMatchObject({ isClean: true });
  });

  test('a broken rule that neither ledger shows is one, too', () => {
    const alsoBroken = [{ code: 'STATE_DIFFERS', what: 'wallet' }];
    const { lines, isClean } = rehearsalReport({ ...rehearsed, title: 'Chaos', alsoBroken });
    expect([isClean, lines[0], lines.join()]).toEqual([
      false,
      expect.stringMatching(/^Chaos of/),
      expect.stringContaining('BROKEN      STATE_DIFFERS: wallet'),
    ]);
  });

  test('a fill that no answer has, and money that no trade explains, are broken rules', () => {
    const { lines, isClean } = rehearsalReport({ ...rehearsed, books: { executions: [], trades: [], signals: [] } });
    expect([isClean, lines.join()]).toEqual([false, expect.stringMatching(/FILL_LOST.*MONEY/)]);
  });

  test('what is left open, and a rehearsal without a trade, are no success', () => {
    const left = rehearsalReport({ ...rehearsed, leftOpen: ['position BTCUSDT 0.010'] });
    expect([left.isClean, left.lines.at(-1)]).toEqual([false, '  NOT FLAT    position BTCUSDT 0.010']);
    const idle = rehearsalReport({ ...rehearsed, ledger: [] });
    expect([idle.isClean, idle.lines.join()]).toEqual([false, expect.stringContaining('no order filled')]);
  });
});
