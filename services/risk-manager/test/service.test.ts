import { Lists, Maps, Rankings, Records, Streams, Values } from '@helios/shared/contracts/catalog.ts';
import { aBook, aKline, T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { describe, expect, test } from 'vitest';
import { entry, finalAnswer, harness, lostTrade, position, SYMBOL, useRiskHarness } from './risk-harness.ts';

useRiskHarness();

/** Kelly from the prior: (0.45 − 0.55/1.5) × 0.5 × 10,000 × 5 at 10,000. */
const FIRST_SIZE = 0.208;

describe('an entry', () => {
  test('that risk allows becomes an order intent with its size, leverage, stop and every rule', async () => {
    await harness.prepare();
    await harness.start();
    const signal = entry({ book: aBook() });
    await harness.send(signal);
    const [sent] = await harness.intents();
    expect(sent?.intent).toMatchObject({
      run: 'test-run',
      signal_id: signal.signal_id,
      symbol: SYMBOL,
      side: 'LONG',
      purpose: 'ENTRY',
      action: 'BUY',
      order_type: 'MARKET',
      quantity: FIRST_SIZE,
      reduce_only: false,
      leverage: 5,
      stop_loss: 9_900,
    });
    expect(sent?.signal.signal_id).toBe(signal.signal_id);
    expect(sent?.rules.length).toBeGreaterThan(10);
    expect(await harness.executions()).toEqual([]);
  });

  test('that risk denies gets its final answer with code, figures and rules', async () => {
    await harness.prepare({ free_margin_pct: 20, available_balance: 2_000, margin_level: 'WARNING' });
    await harness.start();
    const signal = entry();
    await harness.send(signal);
    const [answer] = await harness.executions();
    expect(answer).toMatchObject({
      execution_id: `${signal.signal_id}#END`,
      answer: 'DENIED',
      denial: { code: 'FREE_MARGIN', value: 20, limit: 30 },
    });
    expect(answer?.answer === 'DENIED' && answer.rules?.length).toBeGreaterThan(10);
    expect(await harness.intents()).toEqual([]);
  });

  test('is denied on an account that is missing, old, simulated or of another run', async () => {
    await harness.prepare();
    await harness.start();
    for (const fields of [{ updated_ts: T0 - 5_001 }, { simulated: true }, { run: 'other' }]) {
      await harness.setAccount(fields);
      await harness.stop();
      await harness.start();
      await harness.send(entry());
    }
    expect(await harness.denials()).toEqual(['ACCOUNT_STALE', 'ACCOUNT_STALE', 'ACCOUNT_STALE']);
  });

  test('is denied without the terms or the steps of its symbol', async () => {
    await harness.prepare();
    await harness.start();
    await harness.send(entry({ symbol: 'XYZUSDT' }));
    const instrument = { symbol: 'XYZUSDT', tick_size: '0.1', step_size: '0.001', min_notional: '5' };
    await harness.fake.bus('data-ingestor').write((batch) => batch.setField(Maps.instruments, 'XYZUSDT', instrument));
    await harness.send(entry({ symbol: 'XYZUSDT' }));
    expect(await harness.denials()).toEqual(['INSTRUMENT_UNKNOWN', 'TERMS_UNKNOWN']);
  });

  test('that is too old expires', async () => {
    await harness.prepare();
    await harness.start();
    await harness.send(entry({ ts_init: T0 - 10_001 }));
    expect(await harness.executions()).toMatchObject([{ answer: 'EXPIRED' }]);
  });

  test('from the future expires: the clock was set back since', async () => {
    await harness.prepare();
    await harness.start();
    await harness.send(entry({ ts_init: T0 + 10_001 }));
    expect(await harness.executions()).toMatchObject([{ answer: 'EXPIRED' }]);
  });

  test('of another run is dropped, and an exit passes by', async () => {
    await harness.prepare();
    await harness.start();
    await harness.send(entry({ run: 'other' }), entry({ direction: 'EXIT_LONG' }));
    expect(await harness.executions()).toEqual([]);
    expect(await harness.intents()).toEqual([]);
  });

  test('without a stop is denied', async () => {
    await harness.prepare();
    await harness.start();
    const { stop_loss: _, ...bare } = entry();
    await harness.send(bare);
    expect(await harness.denials()).toEqual(['STOP_MISSING']);
  });
});

describe('entries that are under way', () => {
  test('count as open: the next ones find less room, and the number is limited', async () => {
    await harness.prepare({}, ['AUSDT', 'BUSDT', 'CUSDT', 'DUSDT']);
    await harness.start();
    await harness.send(...['AUSDT', 'BUSDT', 'CUSDT', 'DUSDT'].map((symbol) => entry({ symbol })));
    const sizes = (await harness.intents()).map(({ intent }) => intent.quantity);
    expect(sizes).toHaveLength(3);
    expect(sizes[1]).toBeLessThan(sizes[0] ?? 0);
    expect(sizes[2]).toBeLessThan(sizes[1] ?? 0);
    expect(await harness.denials()).toEqual(['MAX_OPEN_POSITIONS']);
  });

  test('count after a restart; one that comes again is sent again as it was', async () => {
    await harness.prepare({}, ['AUSDT', 'BUSDT']);
    await harness.start({ trading: { max_open_positions: 1 } });
    const first = entry({ symbol: 'AUSDT' });
    await harness.send(first);
    await harness.stop();
    await harness.start({ trading: { max_open_positions: 1 } });
    await harness.send(first, entry({ symbol: 'BUSDT' }));
    const [sent, again, ...others] = await harness.intents();
    expect(again).toEqual(sent);
    expect(others).toEqual([]);
    expect(await harness.denials()).toEqual(['MAX_OPEN_POSITIONS']);
  });

  test('are not answered again after their final answer, not by another process either', async () => {
    await harness.prepare();
    await harness.start();
    const signal = entry();
    await harness.send(signal);
    await harness.answer(finalAnswer(signal, 'REJECTED', T0));
    await harness.send(signal);
    await harness.stop();
    await harness.start();
    await harness.send(signal);
    expect(await harness.intents()).toHaveLength(1);
    expect(await harness.denials()).toEqual([]);
  });

  test('stop counting once they are refused', async () => {
    await harness.prepare({}, ['AUSDT', 'BUSDT']);
    await harness.start({ trading: { max_open_positions: 1 } });
    const first = entry({ symbol: 'AUSDT' });
    await harness.send(first);
    await harness.answer(finalAnswer(first, 'REJECTED', T0));
    await harness.send(entry({ symbol: 'BUSDT' }));
    expect(await harness.intents()).toHaveLength(2);
    await eventually('dropped', async () => (await harness.running?.bus.count(Maps.pendingEntries)) === 1);
  });

  test('count after their fill until the account shows the position', async () => {
    await harness.prepare({}, ['AUSDT', 'BUSDT']);
    await harness.start({ trading: { max_open_positions: 1 } });
    const first = entry({ symbol: 'AUSDT' });
    await harness.send(first);
    await harness.answer(finalAnswer(first, 'FILLED', T0));
    await harness.send(entry({ symbol: 'BUSDT' }));
    expect(await harness.denials()).toEqual(['MAX_OPEN_POSITIONS']);
    await harness.setAccount({ updated_ts: T0 + 1_000, positions: [position('AUSDT', 2_080)] });
    await eventually('dropped', async () => (await harness.running?.bus.count(Maps.pendingEntries)) === 0);
    await harness.send(entry({ symbol: 'BUSDT' }));
    expect(await harness.denials()).toEqual(['MAX_OPEN_POSITIONS', 'MAX_OPEN_POSITIONS']);
  });
});

describe('coins that move together', () => {
  const closes = Array.from({ length: 60 }, (_, i) => 100 + 5 * Math.sin(i * i));
  const other = Array.from({ length: 60 }, (_, i) => 100 + 5 * Math.cos(7 * i * i + i));

  async function klines(symbol: string, prices: readonly number[]): Promise<void> {
    const documents = prices.map((price, i) => {
      const open_ts = T0 - (prices.length - i) * 300_000;
      const text = price.toFixed(4);
      return aKline({ symbol, interval: '5m', open_ts, open: text, high: text, low: text, close: text });
    });
    await harness.fake.bus('data-ingestor').write((batch) => {
      batch.setList(Lists.klines, documents.toReversed(), { symbol, interval: '5m' });
      batch.setRanking(Rankings.watchlist, { AUSDT: 1, BUSDT: 1 });
    });
  }

  test.each([
    ['move alike', closes, ['CLUSTER_EXPOSURE']],
    ['move apart', other, []],
  ])('a second coin is judged with the first if they %s', async (_, prices, denials) => {
    await harness.prepare({ positions: [position('AUSDT', 15_000)] }, ['AUSDT', 'BUSDT']);
    await klines('AUSDT', closes);
    await klines('BUSDT', prices);
    await harness.start();
    await harness.send(entry({ symbol: 'BUSDT' }));
    expect(await harness.denials()).toEqual(denials);
  });

  test('unknown klines count as moving alike, the other side does not count', async () => {
    await harness.prepare({ positions: [position('AUSDT', 15_000)] }, ['BUSDT']);
    await harness.start();
    await harness.send(entry({ symbol: 'BUSDT' }));
    await harness.send(entry({ symbol: 'BUSDT', direction: 'SHORT', stop_loss: 10_100 }));
    expect(await harness.denials()).toEqual(['CLUSTER_EXPOSURE']);
    expect(await harness.intents()).toHaveLength(1);
  });
});

describe('protections', () => {
  async function lose(pnl: number): Promise<void> {
    const trade = lostTrade(pnl);
    await harness.execution.write((batch) => batch.append(Streams.trades, trade));
    await harness.fake.settle();
  }

  async function pressStart(command_id: string): Promise<void> {
    const command = { command_id, action: 'start', issued_by: 'page', issued_ts: T0 } as const;
    await harness.fake.bus('dashboard-api').write((batch) => batch.append(Streams.operatorCommands, command));
    await harness.fake.settle();
  }

  test('lock after losses, from before a restart too, with the time of their end', async () => {
    await harness.prepare();
    await harness.execution.write((batch) => batch.append(Streams.trades, lostTrade(-300)));
    await harness.start();
    await lose(-300);
    await harness.send(entry());
    expect(await harness.executions()).toMatchObject([
      { denial: { code: 'DAILY_LOSS', limit: 5, until_ts: T0 - (T0 % 86_400_000) + 86_400_000 } },
    ]);
  });

  test('ignore trades of other runs and of simulations', async () => {
    await harness.prepare();
    await harness.start();
    for (const fields of [{ run: 'other' }, { simulated: true }]) {
      await harness.execution.write((batch) => batch.append(Streams.trades, lostTrade(-900, fields)));
    }
    await harness.fake.settle();
    await harness.send(entry());
    expect(await harness.denials()).toEqual([]);
  });

  test('are released by Start, for good, and lock again after new losses', async () => {
    await harness.prepare();
    await harness.start();
    await lose(-600);
    await pressStart('c1');
    await harness.send(entry({ symbol: SYMBOL }));
    expect(await harness.denials()).toEqual([]);
    expect(await harness.running?.bus.getRecord(Records.protectionRelease)).toMatchObject({ command_id: 'c1' });
    await harness.stop();
    await harness.start({ trading: { max_open_positions: 9 } });
    await harness.send(entry());
    expect(await harness.denials()).toEqual([]);
    const again = lostTrade(-600, { exit_ts: T0 + 1 });
    await harness.execution.write((batch) => batch.append(Streams.trades, again));
    await harness.fake.settle();
    await harness.send(entry());
    expect(await harness.denials()).toEqual(['DAILY_LOSS']);
  });
});

describe('a signal published by hand', () => {
  const byHand = { origin: 'EXTERNAL', quote: undefined, entry_price: 5, stop_loss: 9_900 } as const;

  test('is denied unless the settings accept it', async () => {
    await harness.prepare();
    await harness.start();
    const { quote: _, ...signal } = entry(byHand);
    await harness.send(signal);
    expect(await harness.denials()).toEqual(['EXTERNAL_SIGNAL']);
  });

  test('is sized by the market of now, not by its typed price; without a market it is denied', async () => {
    await harness.prepare();
    await harness.start({ signals: { accept_external: true } });
    const { quote: _, ...signal } = entry(byHand);
    await harness.send(signal);
    expect(await harness.denials()).toEqual(['NO_FRESH_BOOK']);
    const book = aBook({ symbol: SYMBOL, ts_event: T0, bids: [['9999', '1']], asks: [['10000', '1']] });
    await harness.fake.bus('data-ingestor').write((batch) => batch.set(Values.orderbook, book, { symbol: SYMBOL }));
    const { quote: __, ...next } = entry(byHand);
    await harness.send(next);
    expect((await harness.intents())[0]?.intent.quantity).toBe(FIRST_SIZE);
  });
});
