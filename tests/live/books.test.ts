import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { moneyOf, moneyText } from '@helios/core/matching/money.ts';
import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, onTestFinished, test } from 'vitest';
import { BUSY_LIVE, openLiveFleet } from './live-fleet.ts';

/** One column of the fleet's ledger. */
function readColumn(dataDir: string, sql: string): unknown[] {
  const [name] = readdirSync(join(dataDir, 'ledger')).filter((file) => file.endsWith('.sqlite'));
  const db = new DatabaseSync(join(dataDir, 'ledger', name ?? ''), { readOnly: true, timeout: 2_000 });
  try {
    return db
      .prepare(sql)
      .all()
      .map((row) => Object.values(row)[0]);
  } finally {
    db.close();
  }
}

const sumOf = (amounts: readonly string[]): string =>
  moneyText(amounts.reduce((sum, amount) => sum + moneyOf(amount), 0n));

test('after a flatten the ledger, its trades and the statistics explain the wallet of the exchange to the last digit', async () => {
  const live = await openLiveFleet({ env: BUSY_LIVE });
  const { fleet } = live;
  const { wallet: before } = await live.account();
  live.launch();
  await fleet.running();
  const bus = await fleet.connect('dashboard-api');
  onTestFinished(() => bus.close());
  await live.pressStart();
  await eventually('a trade', async () => (await bus.count(Streams.trades)) >= 1, 120_000);
  await fleet.kill('decision-logger');
  await eventually('three trades', async () => (await bus.count(Streams.trades)) >= 3, 120_000);
  expect((await live.press('flatten')).status).toBe(200);
  await eventually('the proof', async () => (await bus.getRecord(Records.fleetState))?.state === 'HALTED', 60_000);
  const { wallet: after } = await live.account();
  const change = moneyText(moneyOf(after) - moneyOf(before));

  const flows = () => sumOf(readColumn(fleet.dataDir, "SELECT amount FROM flows WHERE kind <> 'TRANSFER'") as string[]);
  const traded = () =>
    sumOf((readColumn(fleet.dataDir, 'SELECT realized_pnl FROM trades') as number[]).map((pnl) => pnl.toFixed(8)));
  await eventually('the income of the venue', async () => flows() === change, 60_000).catch(() =>
    expect(flows()).toBe(change),
  );
  await eventually('the trades', async () => traded() === change, 30_000).catch(() => expect(traded()).toBe(change));
  const shown = async () => (await bus.getRecord(Records.performance))?.total_pnl.toFixed(8);
  await eventually('the statistics', async () => (await shown()) === change, 10_000).catch(async () =>
    expect(await shown()).toBe(change),
  );
  const { summary, source } = await live.get('/api/performance');
  expect([source, (summary as { starting_balance: number }).starting_balance.toFixed(8)]).toEqual([
    'performance_metrics',
    before,
  ]);
  expect(readColumn(fleet.dataDir, 'SELECT count(*) FROM open_signals')).toEqual([0]);
  expect(await fleet.stop()).toBe(0);
}, 300_000);
