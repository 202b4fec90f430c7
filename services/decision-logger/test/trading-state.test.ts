import { DatabaseSync } from 'node:sqlite';
import { Records } from '@helios/shared/contracts/catalog.ts';
import type { FleetState } from '@helios/shared/domain/fleet.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, test } from 'vitest';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { engine, harness, ledgerFile, start, useLoggerHarness } from './logger-harness.ts';

useLoggerHarness();

const RUN = 'test-run';
const halted: FleetState = {
  state: 'HALTED',
  reason: 'flatten by a test',
  changed_ts: T0,
  run: RUN,
  applied_commands: ['c1'],
  applied_actions: { c1: 'flatten' },
};
const show = (state: FleetState) => engine().write((batch) => batch.setRecord(Records.fleetState, state));
const shown = async () => (await engine().getRecord(Records.ledgerProjection))?.trading;
const keeps = (state: FleetState) =>
  eventually(
    'the state in the image',
    async () => JSON.stringify(await shown()) === JSON.stringify({ kind: 'KEPT', state }),
  );

test('a new ledger has the state of a first start; a change is stored, written to Redis, and restored after a wipe and a start', async () => {
  await start();
  expect(await shown()).toEqual({ kind: 'FIRST_START' });
  await show(halted);
  await keeps(halted);
  await harness.running?.stop();
  harness.fake.hashes.clear();
  await start();
  expect(await shown()).toEqual({ kind: 'KEPT', state: halted });
});

test('an older state, one of another run and an uncertain one are not stored', async () => {
  const { lines } = await start();
  await show(halted);
  await keeps(halted);
  for (const fields of [
    { changed_ts: T0 - 1 },
    { changed_ts: T0 + 1, run: 'another' },
    { changed_ts: T0 + 2, unsure: true },
  ])
    await show({ ...halted, state: 'ACTIVE', ...fields });
  const last: FleetState = { ...halted, state: 'REDUCING', changed_ts: T0 + 3 };
  await show(last);
  await keeps(last);
  const kept = lines.filter(({ message }) => message === 'trading state stored in the ledger');
  expect(kept.map(({ fields }) => fields['state'])).toEqual(['HALTED', 'REDUCING']);
});

test('a ledger of an earlier version loads, and reports that it has no state', async () => {
  await start();
  await harness.running?.stop();
  const file = new DatabaseSync(ledgerFile());
  file.exec("DELETE FROM meta WHERE name = 'trading_state'");
  file.close();
  const ledger = openLedger(ledgerFile(), RUN);
  expect(ledger.tradingState()).toEqual({ kind: 'LOST' });
  // A reset of the account does not count as a first start.
  ledger.startOver('20261128T120000Z');
  expect(ledger.tradingState()).toEqual({ kind: 'LOST' });
  ledger.keepTradingState(halted);
  expect(ledger.tradingState()).toEqual({ kind: 'KEPT', state: halted });
  ledger.close();
});
