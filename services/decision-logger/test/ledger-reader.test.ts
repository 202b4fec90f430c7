import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import { type HistoryQuery, ledgersIn, readAccount, readHistory } from '@helios/shared/runtime/ledger-reader.ts';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { engine, harness, ledgerFile, next, refusal, send, start, useLoggerHarness } from './logger-harness.ts';

useLoggerHarness();

const ROOT = resolve(import.meta.dirname, '../../..');

/** A round trip in BTCUSDT that earned 4.918, a position in ETHUSDT, a refusal by VOLUME and one by TREND. */
beforeEach(async () => {
  await start('HF_MARKET', 1);
  const quote = { bid: 100, ask: 100 };
  await send(
    next({ timestamp: T0, quote }),
    next({ timestamp: T0 + 1_000, direction: 'EXIT_LONG', quote: { bid: 105, ask: 105 }, reason: '=cmd()' }),
    next({ timestamp: T0 + 2_000, symbol: 'ETHUSDT', quote }),
  );
  const late: Decision = {
    ...refusal,
    decision_id: 'r2',
    timestamp: T0 + 3_000,
    symbol: 'ETHUSDT',
    refused_by: 'TREND',
  };
  await engine().write((batch) => {
    batch.append(Streams.refusals, { kind: 'REFUSED', decision: refusal });
    batch.append(Streams.refusals, { kind: 'REFUSED', decision: late });
  });
  await harness.fake.settle();
});

/** Outcomes of the rows of a query, oldest first. */
function found(query: Partial<HistoryQuery>): string[] {
  const outcomes: string[] = [];
  const count = readHistory(
    ledgerFile(),
    { limit: 100, ...query },
    (d) => void outcomes.push(d.refused_by ?? d.outcome),
  );
  expect(count).toBe(outcomes.length);
  return outcomes;
}

describe('a ledger, read while decision-logger writes it', () => {
  test('returns the account: balance, trades, positions, last activity, trading state', () => {
    expect(ledgersIn(harness.folder)).toEqual([ledgerFile()]);
    const account = readAccount(ledgerFile());
    expect(account).toMatchObject({
      run: 'test-run',
      isReplay: false,
      starting_balance: 10_000,
      trades: 1,
      decisions: 3,
      resting_orders: 0,
      last_activity_ts: T0 + 3_000,
      trading: { kind: 'FIRST_START' },
    });
    // 5 gross; taker 0.04 % of 100 and of 105.
    expect(account.realized_pnl).toBeCloseTo(5 - 0.04 - 0.042, 9);
    expect(account.positions).toMatchObject([{ symbol: 'ETHUSDT', side: 'LONG', quantity: 1, entry_price: 100 }]);
  });

  test('counts trades by hand separately, like the figures in Redis', async () => {
    const byHand = { symbol: 'SOLUSDT', origin: 'EXTERNAL' } as const;
    await send(
      next({ ...byHand, timestamp: T0 + 4_000, quote: { bid: 100, ask: 100 } }),
      next({ symbol: 'SOLUSDT', timestamp: T0 + 5_000, direction: 'EXIT_LONG', quote: { bid: 90, ask: 90 } }),
    );
    const account = readAccount(ledgerFile());
    expect(account).toMatchObject({ trades: 1, external_trades: 1 });
    expect(account.realized_pnl).toBeCloseTo(4.918, 9);
    // −10 gross; taker 0.04 % of 100 and of 90.
    expect(account.external_pnl).toBeCloseTo(-10 - 0.04 - 0.036, 9);
    const figures = await engine().getRecord(Records.simulatedPnl);
    expect(figures?.total_pnl).toBeCloseTo(account.realized_pnl, 9);
    expect(figures?.external_pnl).toBeCloseTo(account.external_pnl, 9);
  });

  test('returns decisions and refusals, oldest first, by symbol, time and gate; the newest if there are too many', () => {
    expect(found({})).toEqual(['OPENED', 'VOLUME', 'CLOSED', 'OPENED', 'TREND']);
    expect(found({ symbol: 'ETHUSDT' })).toEqual(['OPENED', 'TREND']);
    expect(found({ from: T0 + 1_000, to: T0 + 2_000 })).toEqual(['CLOSED', 'OPENED']);
    expect(found({ gate: 'VOLUME' })).toEqual(['VOLUME']);
    expect(found({ limit: 2 })).toEqual(['OPENED', 'TREND']);
  });
});

describe('the commands', () => {
  const run = promisify(execFile);

  async function command(name: 'history' | 'account', ...args: string[]) {
    const env = {
      ...bareEnvironment(),
      HELIOS_SETTINGS_DIR: harness.folder,
      SYSTEM_DATA_DIR: harness.folder,
      REDIS_PORT: String(await freePort()),
    };
    return run(process.execPath, [resolve(ROOT, `packages/fleet/src/${name}.ts`), ...args], { env });
  }

  test('npm run history prints ISO times and reasons, and CSV whose cells run no formula', async () => {
    const { stdout } = await command('history', '--symbol', 'btcusdt');
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(3);
    const iso = (ts: number) => new Date(ts).toISOString();
    expect(lines[0]).toContain(`${iso(T0)}  BTCUSDT  LONG        OPENED  at 100`);
    expect(lines[1]).toBe(`${iso(T0)}  BTCUSDT  LONG        REFUSED by VOLUME  at 100  volume too low`);
    expect(lines[2]).toMatch(/EXIT_LONG {3}CLOSED {2}at 105 {2}PnL 4\.918 USDT/);
    const csv = (await command('history', '--csv', '--limit', '3')).stdout.split('\r\n');
    expect(csv[0]).toMatch(/^time,timestamp,run,decision_id,symbol/);
    expect(csv[1]).toContain(",'=cmd()");
    expect(csv).toHaveLength(5);
  });

  test('npm run history rejects unknown arguments', async () => {
    const failing = (...args: string[]) => command('history', ...args).catch((error) => error);
    expect(await failing('--gate', 'VOLUM')).toMatchObject({ code: 2, stderr: expect.stringContaining('VOLUME') });
    expect(await failing('--simbol', 'X')).toMatchObject({ code: 2, stderr: expect.stringContaining('--symbol') });
    expect(await failing('--run', 'nobody')).toMatchObject({ code: 1, stderr: expect.stringContaining('• test-run') });
  });

  test('npm run account lists the accounts and shows one', async () => {
    const list = (await command('account')).stdout;
    expect(list).toMatch(/test-run +10004\.92 USDT +4\.92 USDT +1 +0\.00 USDT \(0\) +1 +\S+Z +not started yet/);
    const shown = (await command('account', 'show', 'test-run')).stdout;
    expect(shown).toContain('ETHUSDT LONG 1 at 100 since');
    expect(shown).toContain(ledgerFile());
  });
});
