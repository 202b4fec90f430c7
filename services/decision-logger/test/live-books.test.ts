import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { walletChange } from '@helios/core/journal/lot-money.ts';
import { aFill, aFlow, answersTo } from '@helios/core/testing/live-answers.ts';
import { Lists, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { aMode, aSignal, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { decisionLogger } from '../src/service.ts';
import { decisions, engine, harness, ledgerFile, page, send, useLoggerHarness } from './logger-harness.ts';

useLoggerHarness();

const mode = aMode({ mode: 'live', network: 'testnet', source: undefined });

async function startLive() {
  const system = { data_dir: harness.folder, log_dir: join(harness.folder, 'logs') };
  harness.running = await startOnFakeBus(decisionLogger, {
    fake: harness.fake,
    settings: defaultSettings({ system }),
    mode,
  });
}

const execution = () => harness.fake.bus('execution-manager');
const performance = () => page().getRecord(Records.performance);
const trades = () => page().getLatest(Streams.trades, 100);

async function answer(...executions: Execution[]): Promise<void> {
  await execution().write((batch) => {
    for (const one of executions) batch.append(Streams.executions, { ...one, run: 'test-run' });
  });
  await harness.fake.settle();
}

async function flow(...flows: AccountFlow[]): Promise<void> {
  await execution().write((batch) => {
    for (const one of flows) batch.append(Streams.accountFlows, { ...one, run: 'test-run' });
  });
  await harness.fake.settle();
}

async function approve(signal: TradingSignal): Promise<void> {
  const entry: AssessedEntry = {
    intent: {
      run: 'test-run',
      signal_id: signal.signal_id,
      symbol: signal.symbol,
      side: 'LONG',
      purpose: 'ENTRY',
      action: 'BUY',
      order_type: 'MARKET',
      quantity: 0.3,
      reduce_only: false,
      leverage: 5,
    },
    signal,
    rules: [{ rule: 'FREE_MARGIN', outcome: 'PASSED', value: 90, limit: 30 }],
    ts_init: T0,
  };
  await harness.fake.bus('risk-manager').write((batch) => batch.append(Streams.orderIntents, entry));
  await harness.fake.settle();
}

async function showBalance(wallet_balance: number): Promise<void> {
  const margin = { margin_balance: wallet_balance, available_balance: wallet_balance, initial_margin: 0 };
  const rest = { unrealized_pnl: 0, maintenance_margin: 0, margin_level: 'OK' as const, positions: [] };
  const account = { run: 'test-run', wallet_balance, ...margin, ...rest, simulated: false, updated_ts: T0 };
  await execution().write((batch) => batch.setRecord(Records.account, account));
}

const entry = aSignal({ signal_id: 'e', quote: { bid: 99, ask: 101 }, stop_loss: 95 });
const exit = aSignal({ signal_id: 'x', direction: 'EXIT_LONG', entry_price: 105, exit_reason: 'TAKE_PROFIT' });
const opened = answersTo(entry).filled(aFill('1', 101.2, 0.3, 0.012144), T0 + 100);
const closed = answersTo(exit).filled(aFill('2', 104.9, 0.3, 0.012588), T0 + 60_000);

async function roundTrip(): Promise<void> {
  await send(entry);
  await approve(entry);
  await answer(opened);
  await send(exit);
  await answer(closed);
}

describe('a signal whose order takes longer than a second', () => {
  it('is not taken for one by hand once its message was trimmed: its fill is booked', async () => {
    await startLive();
    await send(entry, exit);
    for (const signal of [entry, exit]) harness.fake.publish('trading_signals', JSON.stringify(signal));
    // Every group has read them.
    harness.fake.stream('signals').messages.length = 0;
    // The wait of this one ends after that of the other two.
    harness.fake.publish('trading_signals', '{"symbol":"ETHUSDT","direction":"LONG","entry_price":5}');
    await eventually('the signal by hand', () => harness.fake.stream('signals').messages.length > 0);
    const taken = harness.fake.stream('signals').messages.map(({ text }) => JSON.parse(text ?? '{}').symbol);
    expect(taken).toEqual(['ETHUSDT']);
    await answer(opened, closed);
    expect(await trades()).toMatchObject([{ gross_pnl: 1.11 }]);
  });
});

describe('a live round trip', () => {
  it('is in decisions, trades, performance_metrics and the CSV, with its times; other keys stay untouched', async () => {
    await showBalance(5_000);
    await execution().write((batch) =>
      batch.setField(Maps.openOrders, 'foreign', {
        ...{ run: 'test-run', order_id: 'foreign', signal_id: 'q', symbol: 'ETHUSDT', side: 'LONG', purpose: 'ENTRY' },
        ...{ price: 1, quantity: 1, placed_ts: T0, expires_ts: T0, simulated: false },
      }),
    );
    await startLive();
    await eventually('the balance', async () => (await performance())?.starting_balance === 5_000);
    await roundTrip();
    expect(await decisions()).toMatchObject([
      { decision_id: 'x', outcome: 'CLOSED', realized_pnl: 1.085268, leg: { sent_ts: expect.any(Number) } },
      { decision_id: 'e', outcome: 'OPENED', fill_price: 101.2, slippage: 0.06, rules: [{ rule: 'FREE_MARGIN' }] },
    ]);
    const figures = { gross_pnl: 1.11, fees: 0.024732, realized_pnl: 1.085268, simulated: false };
    expect(await trades()).toMatchObject([{ ...figures, entry_leg: { decision_price: 101, venue_ts: T0 + 100 } }]);
    expect(await performance()).toMatchObject({
      mode: 'live',
      total_trades: 1,
      total_pnl: 1.085268,
      equity: 5_001.085268,
    });
    expect(await page().getRecord(Records.simulatedPnl)).toBeUndefined();
    const counts = { signals: 2, intents: 1, fills: 2, answers: { FILLED: 2 }, unanswered: 0 };
    await eventually('the counts', async () => (await page().getRecord(Records.liveCounts))?.fills === 2);
    expect(await page().getRecord(Records.liveCounts)).toMatchObject(counts);
    expect(Object.keys(await page().getMap(Maps.openOrders))).toEqual(['foreign']);
    expect(harness.fake.stream('executions').messages).toHaveLength(2);
    await harness.running?.stop();
    expect(readFileSync(join(harness.folder, 'logs', 'decisions-2023-11-14.csv'), 'utf8')).toContain('CLOSED');
  });

  it('is the same with every message doubled, and after a restart on an empty Redis', async () => {
    await startLive();
    await send(entry, entry);
    await approve(entry);
    await approve(entry);
    await answer(opened, opened);
    await harness.running?.stop();
    harness.fake = createFakeRedis();
    await startLive();
    expect(await decisions()).toMatchObject([{ decision_id: 'e', outcome: 'OPENED' }]);
    await send(entry, exit, exit);
    await approve(entry);
    await answer(opened, closed, closed);
    const funding = aFlow('FUNDING_FEE', '-0.0031', { ts_event: T0 + 30_000 });
    await flow(funding, funding);
    expect((await decisions()).map(({ decision_id, outcome }) => [decision_id, outcome])).toEqual([
      ['x', 'CLOSED'],
      ['e', 'OPENED'],
    ]);
    await eventually('the corrected trade', async () => (await trades())[0]?.funding === 0.0031);
    expect(await trades()).toMatchObject([{ gross_pnl: 1.11, fees: 0.024732, realized_pnl: 1.082168 }]);
  });
});

describe('the income of the venue', () => {
  const income = [
    aFlow('COMMISSION', '-0.01214401', { trade_id: '1', ts_event: T0 + 100 }),
    aFlow('FUNDING_FEE', '-0.00310000', { ts_event: T0 + 30_000 }),
    aFlow('REALIZED_PNL', '1.11000002', { trade_id: '2', ts_event: T0 + 60_000 }),
    aFlow('COMMISSION', '-0.01258800', { trade_id: '2', ts_event: T0 + 60_000, flow_id: 'c2' }),
  ];
  const exact = { gross_pnl: 1.11000002, fees: 0.02473201, funding: 0.0031, realized_pnl: 1.08216801 };

  it.each([
    ['after the trade', [roundTrip, () => flow(...income)]],
    ['before the trade', [() => flow(...income), roundTrip]],
  ])('%s gives its money to the last digit, in ledger, decision, trade and statistics', async (_, steps) => {
    await showBalance(5_000);
    await startLive();
    for (const step of steps) await step();
    await eventually('exact trade', async () => (await trades())[0]?.realized_pnl === exact.realized_pnl);
    expect(await trades()).toMatchObject([exact]);
    expect((await page().getList(Lists.decisionLogs, 1))[0]).toMatchObject(exact);
    await eventually('figures', async () => (await performance())?.total_pnl === exact.realized_pnl);
    await harness.running?.stop();
    const ledger = openLedger(ledgerFile(), 'test-run');
    expect([...ledger.trades(0)]).toMatchObject([exact]);
    const sums = walletChange(ledger.journal().flows());
    expect(Number(`${sums['USDT']?.units}e-${sums['USDT']?.scale}`)).toBe(exact.realized_pnl);
    ledger.close();
  });
});

it('an answer that is read before its signal finds it in the stream; a denial of risk-manager is recorded', async () => {
  const group = harness.fake;
  await engine().write((batch) => batch.append(Streams.signals, entry));
  await execution().write((batch) => batch.append(Streams.executions, { ...opened, run: 'test-run' }));
  await startLive();
  await group.settle();
  expect(await decisions()).toMatchObject([{ decision_id: 'e', outcome: 'OPENED', nobi_value: entry.nobi_value }]);
  const second = aSignal({ signal_id: 'd' });
  await send(second);
  await answer(answersTo(second).denied('MAX_OPEN_POSITIONS'));
  expect((await decisions())[0]).toMatchObject({ decision_id: 'd', outcome: 'DENIED', denial: { limit: 3 } });
});
