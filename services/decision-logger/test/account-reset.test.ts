import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { AccountResetCommand } from '@helios/shared/domain/account-reset.ts';
import { ledgersIn, readAccount } from '@helios/shared/runtime/ledger-reader.ts';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { describe, expect, test } from 'vitest';
import {
  decisions,
  engine,
  harness,
  ledgerFile,
  next,
  page,
  send,
  start,
  summary,
  useLoggerHarness,
} from './logger-harness.ts';

useLoggerHarness();

const RUN = 'test-run';
const quote = { bid: 100, ask: 100 };
const roundTrip = () =>
  send(next({ quote }), next({ direction: 'EXIT_LONG', quote: { bid: 105, ask: 105 }, timestamp: T0 + 1_000 }));
const halted = { state: 'HALTED', reason: 'by a test', changed_ts: T0, run: RUN, applied_commands: [] } as const;

async function reset(fields: Partial<AccountResetCommand> = {}) {
  const command = { command_id: 'c1', run: RUN, force: false, issued_by: 'a test', issued_ts: T0, ...fields };
  await page().write((batch) => batch.append(Streams.accountCommands, command));
  return eventually('the answer', async () => {
    const answer = await page().getRecord(Records.accountReset);
    return answer?.command_id === command.command_id ? answer : undefined;
  });
}

describe('a reset while decision-logger uses the account', () => {
  test('moves the ledger and its CSV aside, keeps the trading state, and updates every figure in Redis', async () => {
    const service = await start('HF_MARKET', 1);
    await roundTrip();
    await engine().write((batch) => batch.setRecord(Records.fleetState, { ...halted, applied_commands: [] }));
    await eventually('the halt in the ledger', () => readAccount(ledgerFile()).trading.kind === 'KEPT');
    const answer = await reset();
    expect(answer).toMatchObject({ outcome: 'DONE', run: RUN });
    const aside = answer.moved_to ?? '';
    expect(answer.message).toContain(aside);
    expect(readAccount(aside)).toMatchObject({ trades: 1, decisions: 2 });
    expect(ledgersIn(harness.folder)).toEqual([ledgerFile()]);
    expect(readAccount(ledgerFile())).toMatchObject({
      trades: 0,
      decisions: 0,
      realized_pnl: 0,
      starting_balance: 10_000,
      trading: { kind: 'KEPT', state: { state: 'HALTED' } },
    });
    expect(await summary()).toMatchObject({ total_trades: 0, total_pnl: 0, equity: 10_000, signals: 0 });
    expect(await decisions()).toEqual([]);
    expect(await page().getLatest(Streams.trades, 10)).toEqual([]);
    const csv = readdirSync(join(harness.folder, 'logs'));
    expect(csv).toEqual([expect.stringMatching(/^decisions-2023-11-14\.test-run\.reset-\d{8}T\d{9}Z\.csv$/)]);

    await roundTrip();
    expect(await summary()).toMatchObject({ total_trades: 1, signals: 2 });
    expect(readAccount(aside).trades).toBe(1);
    expect(service.faults).toEqual([]);
  });

  test('is refused while something is open; with force the old ledger keeps it and nothing is open any more', async () => {
    await start('HF_MARKET', 1);
    await send(next({ quote }));
    const refused = await reset();
    expect(refused).toMatchObject({ outcome: 'REFUSED', message: expect.stringMatching(/BTCUSDT.*Flatten.*force/) });
    expect(readAccount(ledgerFile()).positions).toHaveLength(1);
    const done = await reset({ command_id: 'c2', force: true });
    expect(done).toMatchObject({ outcome: 'DONE', message: expect.stringContaining('nothing closes them') });
    expect(readAccount(done.moved_to ?? '').positions).toMatchObject([{ symbol: 'BTCUSDT', quantity: 1 }]);
    expect(await page().getMap(Maps.openPositions)).toEqual({});
    await send(next({ direction: 'EXIT_LONG', quote }));
    expect(await decisions()).toMatchObject([{ outcome: 'ORPHAN_EXIT' }]);
  });

  test('counts once by its id, and not for another run', async () => {
    await start('HF_MARKET', 1);
    await reset();
    await reset();
    await page().write((batch) =>
      batch.append(Streams.accountCommands, {
        command_id: 'c9',
        run: 'another',
        force: true,
        issued_by: 'x',
        issued_ts: T0,
      }),
    );
    await harness.fake.settle();
    expect(readdirSync(join(harness.folder, 'ledger')).filter((name) => name.endsWith('.sqlite'))).toHaveLength(2);
  });
});

describe('npm run account -- reset', () => {
  async function account(...args: string[]) {
    const env = {
      ...bareEnvironment(),
      HELIOS_SETTINGS_DIR: harness.folder,
      SYSTEM_DATA_DIR: harness.folder,
      SYSTEM_LOG_DIR: join(harness.folder, 'logs'),
      REDIS_PORT: String(await freePort()),
    };
    const script = resolve(import.meta.dirname, '../../../packages/fleet/src/account.ts');
    return promisify(execFile)(process.execPath, [script, ...args], { env }).catch((error) => error);
  }

  test('refuses open positions, and ends an account that no fleet uses', async () => {
    await start('HF_MARKET', 1);
    await roundTrip();
    await send(next({ symbol: 'ETHUSDT', quote }));
    await harness.running?.stop();
    const open = await account('reset', RUN, '--yes');
    expect(open).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/1 positions and 0 orders are open.*Flatten/),
    });
    expect(readAccount(ledgerFile()).trades).toBe(1);
    const { stdout } = await account('reset', RUN, '--yes', '--force');
    const aside = /The old ledger is (\S+\.sqlite)\./.exec(stdout)?.[1] ?? '';
    expect(existsSync(aside)).toBe(true);
    expect(readAccount(aside)).toMatchObject({ trades: 1, positions: [{ symbol: 'ETHUSDT' }] });
    expect(readAccount(ledgerFile())).toMatchObject({ trades: 0, positions: [] });
    const again = await start('HF_MARKET', 1);
    expect(await summary()).toMatchObject({ total_trades: 0, equity: 10_000 });
    expect(again.faults).toEqual([]);
  });
});
