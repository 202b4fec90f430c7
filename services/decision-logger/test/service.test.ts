import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Channels, Lists, Maps, Streams } from '@helios/shared/contracts/catalog.ts';
import { aMode, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { describe, expect, it, vi } from 'vitest';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { decisionLogger } from '../src/service.ts';
import {
  decisions,
  engine,
  harness,
  ledgerFile,
  next,
  page,
  refusal,
  send,
  start,
  summary,
  useLoggerHarness,
} from './logger-harness.ts';

useLoggerHarness();

describe('a round trip computed by hand: LONG at 100, EXIT_LONG at 105, size 0.01', () => {
  it.each([
    ['HF_MARKET', 0.00082, 0.04918],
    ['LF_MARKET', 0.00082, 0.04918],
    ['HF_LIMIT', 0.00041, 0.04959],
    ['LF_LIMIT', 0.00041, 0.04959],
  ] as const)('%s', async (mode, fees, net) => {
    await start(mode);
    const origin = 'EXTERNAL';
    await send(next({ entry_price: 100, origin }), next({ direction: 'EXIT_LONG', entry_price: 105, origin }));
    const [closed, opened] = await decisions();
    expect(opened).toMatchObject({ outcome: 'OPENED', fill_price: 100, position_size: 0.01 });
    expect(closed).toMatchObject({ outcome: 'CLOSED', gross_pnl: 0.05, fees, realized_pnl: net });
    expect(await summary()).toMatchObject({
      mode,
      signals: 2,
      ...{ total_trades: 0, wins: 0, total_pnl: 0, total_fees: 0, equity: 10_000 },
      external_trades: 1,
      external_pnl: net,
    });
    expect(await page().getMap(Maps.openPositions)).toEqual({});
    const [trade] = await page().getLatest(Streams.trades, 5);
    expect(trade).toMatchObject({ entry_price: 100, exit_price: 105, gross_pnl: 0.05, fees });
  });
});

describe('Redis and the ledger', () => {
  it('record an orphan EXIT, which changes no figure', async () => {
    await start();
    const before = await summary();
    await send(next({ direction: 'EXIT_SHORT' }));
    expect((await decisions())[0]).toMatchObject({ outcome: 'ORPHAN_EXIT' });
    const after = await summary();
    expect({ ...after, updated_ts: 0, signals: 0, orphan_exits: 0 }).toEqual({ ...before, updated_ts: 0 });
    expect(after).toMatchObject({ signals: 1, orphan_exits: 1 });
  });

  it('start the figures of the day again at midnight UTC, without a trade', async () => {
    const { clock } = await start('HF_MARKET', 1);
    await send(next({ entry_price: 100 }), next({ direction: 'EXIT_LONG', entry_price: 90 }));
    expect(await summary()).toMatchObject({ day_pnl: -10.076, day_start_equity: 10_000, drawdown_pct: 0.10076 });
    clock.advance(86_400_000);
    await eventually('a new day', async () => (await summary()).day_pnl === 0);
    expect(await summary()).toMatchObject({ day_start_equity: 9_989.924, total_trades: 1, updated_ts: clock.now() });
  });

  it('get a position with its update, state before messages', async () => {
    await start();
    const heard: unknown[] = [];
    await engine().subscribe(Channels.positionUpdates, (update) => heard.push(update));
    const entry = next({ stop_loss: 95, quote: { bid: 99, ask: 101 } });
    await send(entry);
    const position = { symbol: 'BTCUSDT', side: 'LONG', entry_price: 101, signal_id: entry.signal_id, stop_loss: 95 };
    expect(await page().getMap(Maps.openPositions)).toMatchObject({ 'BTCUSDT:LONG': position });
    expect(heard).toMatchObject([{ symbol: 'BTCUSDT', positions: [position], orders: [] }]);
  });

  it('keep 500 entries in the list and 600 in the ledger after 600 signals', async () => {
    await start();
    const signals = Array.from({ length: 600 }, (_, i) => next({ direction: i % 2 ? 'EXIT_LONG' : 'LONG' }));
    await send(...signals);
    const list = await decisions();
    expect(list.map(({ decision_id }) => decision_id)).toEqual(
      signals
        .slice(100)
        .reverse()
        .map(({ signal_id }) => signal_id),
    );
    expect(await summary()).toMatchObject({ signals: 600, total_trades: 300 });
    expect(harness.fake.stream('trades').messages).toHaveLength(300);
    await harness.running?.stop();
    const ledger = openLedger(ledgerFile(), 'test-run');
    expect(ledger.recentDecisions(1_000)).toHaveLength(600);
    ledger.close();
  });

  it('count a repeated signal once', async () => {
    await start();
    const entry = next({});
    await send(entry, entry);
    await send(entry);
    expect(await decisions()).toHaveLength(1);
    expect(await summary()).toMatchObject({ signals: 1, replaced: 0 });
  });

  it('drop a signal of another run, with one log line', async () => {
    const { lines } = await start();
    await send(next({ run: 'other' }), next({ run: 'other' }));
    expect(await decisions()).toEqual([]);
    expect(lines.filter(({ level, message }) => level === 'warn' && message.includes('another run'))).toHaveLength(1);
    expect(harness.fake.stream('signals').groups.get('decision-logger')?.pending).toEqual([]);
  });
});

describe('refusals', () => {
  const follow_up = { exit_price: 101, exit_reason: 'TIME_EXIT' as const, exit_ts: T0 + 1, gross_bp: 100, net_bp: 92 };

  it('are listed, followed up in place, and survive a restart; a follow-up of another run is dropped', async () => {
    await start();
    await engine().write((batch) => {
      batch.append(Streams.refusals, { kind: 'REFUSED', decision: refusal });
      batch.append(Streams.refusals, { kind: 'REFUSED', decision: { ...refusal, decision_id: 'r2' } });
      batch.append(Streams.refusals, { kind: 'REFUSED', decision: refusal });
      for (const decision_id of ['r1', 'r9']) {
        batch.append(Streams.refusals, { kind: 'FOLLOWED_UP', run: 'test-run', decision_id, side: 'LONG', follow_up });
      }
    });
    await harness.fake.settle();
    const expected = [
      { ...refusal, decision_id: 'r2' },
      { ...refusal, follow_up },
    ];
    expect(await page().getList(Lists.decisionRefusals, 10)).toEqual(expected);
    expect(await decisions()).toEqual([]);
    await harness.running?.stop();
    harness.fake.lists.clear();
    await start();
    expect(await page().getList(Lists.decisionRefusals, 10)).toEqual(expected);
  });
});

it('records are on the disk within a second or two, not only in the log beside the ledger', async () => {
  await start();
  await send(next({}));
  // As after a power cut: only the ledger's file.
  const alone = join(harness.folder, 'alone.sqlite');
  await vi.waitFor(
    () => {
      copyFileSync(ledgerFile(), alone);
      const ledger = openLedger(alone, 'test-run');
      const recorded = ledger.recentDecisions(10);
      ledger.close();
      expect(recorded).toHaveLength(1);
    },
    { timeout: 10_000, interval: 100 },
  );
});

describe('start and stop', () => {
  it('figures, list and positions are the same after a restart on an empty Redis', async () => {
    await start('HF_MARKET', 1);
    await send(
      next({ entry_price: 100 }),
      next({ direction: 'EXIT_LONG', entry_price: 90 }),
      next({ direction: 'SHORT', entry_price: 90 }),
      next({ direction: 'SHORT', entry_price: 80 }),
      next({ direction: 'EXIT_LONG' }),
    );
    const before = { list: await decisions(), figures: await summary(), held: await page().getMap(Maps.openPositions) };
    await harness.running?.stop();
    harness.fake = createFakeRedis();
    await start('HF_MARKET', 1);
    const after = { list: await decisions(), figures: await summary(), held: await page().getMap(Maps.openPositions) };
    expect({ ...after, figures: { ...after.figures, updated_ts: 0 } }).toEqual({
      ...before,
      figures: { ...before.figures, updated_ts: 0 },
    });
    expect(await page().getLatest(Streams.trades, 9)).toHaveLength(1);
  });

  it('each session of a replay starts its own ledger', async () => {
    const settings = defaultSettings({ system: { data_dir: harness.folder, log_dir: join(harness.folder, 'logs') } });
    const source = { kind: 'replay' as const, files: ['a.gz'], speed: 2, exit: false };
    for (const session of ['one', 'two']) {
      harness.running = await startOnFakeBus(decisionLogger, {
        fake: harness.fake,
        settings,
        mode: aMode({ session, source }),
      });
      expect(await summary()).toMatchObject({ signals: 0 });
      await send(next({}));
      expect(await summary()).toMatchObject({ signals: 1 });
      expect(existsSync(join(harness.folder, 'ledger', `test-run--${session}.sqlite`))).toBe(true);
      await harness.running.stop();
      harness.fake = createFakeRedis();
    }
  });

  it('the CSV is complete at the end', async () => {
    await start();
    await send(next({ entry_price: 100 }));
    await harness.running?.stop();
    const csv = readFileSync(join(harness.folder, 'logs', 'decisions-2023-11-14.csv'), 'utf8');
    expect(csv.split('\r\n')[1]).toContain('test-run,2023-11-14T22:14:00.000Z,1700000040000,');
  });
});
