import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import { AccountReader } from '../src/account-reader.ts';
import { PendingRecord } from '../src/pending-record.ts';
import { SignalAssessor } from '../src/signal-assessor.ts';
import { SymbolFacts } from '../src/symbol-facts.ts';
import { TradeRecord } from '../src/trade-record.ts';
import { entry, harness, useRiskHarness } from './risk-harness.ts';

useRiskHarness();

test('a signal that comes again after a failed write gets the same answer, whatever has changed since', async () => {
  await harness.prepare();
  const bus = harness.fake.bus('risk-manager');
  const [run, now] = ['test-run', () => T0];
  const account = new AccountReader(bus, run);
  const pending = new PendingRecord(bus, run);
  const symbols = new SymbolFacts({ bus, exposedSymbols: () => [] });
  const settings = defaultSettings();
  const trades = new TradeRecord({ bus, run, settings, now, log: silentLog });
  await account.read();
  const assessor = new SignalAssessor({ bus, run, settings, account, trades, pending, symbols, now, log: silentLog });

  const signal = entry();
  harness.fake.refuseWrites({ error: new BusUnavailable('REDIS_DISK', 'the disk is full'), sinceTs: T0 });
  await expect(assessor.onSignal(signal, { id: '1-1', ageMs: 0 })).rejects.toThrow('the disk is full');
  harness.fake.refuseWrites(undefined);
  await harness.setAccount({ updated_ts: T0 - 60_000 });
  await account.read();
  await assessor.onSignal(signal, { id: '1-1', ageMs: 0 });
  await assessor.onSignal(entry(), { id: '1-2', ageMs: 0 });

  const sent: AssessedEntry[] = await harness.intents();
  expect(sent.map(({ intent }) => intent.signal_id)).toEqual([signal.signal_id]);
  expect(await harness.denials()).toEqual(['ACCOUNT_STALE']);
});
