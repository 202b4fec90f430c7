import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { aBook, aSignal, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { checkMoney, FundingLedger } from '../checks/check-money.ts';
import { PaperPath } from '../paper-path.ts';
import { madeDecision, madeResult, madeTrade } from '../testing/made-result.ts';
import { plannedEngine } from '../testing/planned-engine.ts';
import { AssumedFunding } from './assumed-funding.ts';
import { modelsOf } from './models-of.ts';
import { constantLatency, jitteredLatency, NO_LATENCY, sumOfLatencies } from './order-latency.ts';
import { OrdersOnTheirWay } from './orders-on-their-way.ts';
import { readLatency } from './read-latency.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-models-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MIDNIGHT = Date.UTC(2026, 0, 1);
const bookAt = (ts: number) => aBook({ ts_event: ts, ts_init: ts });
const signalAt = (signal_id: string, timestamp: number) => ({ signal_id, timestamp }) as TradingSignal;

describe('an order on its way', () => {
  test('without latency arrives with its decision, unchanged', () => {
    const orders = new OrdersOnTheirWay(NO_LATENCY);
    const signal = signalAt('a', 1_000);
    orders.send(signal);
    expect(orders.take(1_000)).toEqual([{ signal, dueTs: 1_000 }]);
    expect(orders.take(2_000)).toEqual([]);
  });

  test('arrives after its delay, and before an event only if it is earlier', () => {
    const orders = new OrdersOnTheirWay(constantLatency(500, 'of orders'));
    orders.send(signalAt('a', 1_000));
    expect(orders.take(1_499)).toEqual([]);
    expect(orders.take(1_500, true)).toEqual([]);
    expect(orders.take(1_500)[0]?.signal.timestamp).toBe(1_500);
  });

  test('never overtakes an earlier one', () => {
    const delays: Record<string, number> = { slow: 900, quick: 10 };
    const orders = new OrdersOnTheirWay({ about: '', delayMs: (id) => delays[id] ?? 0 });
    orders.send(signalAt('slow', 1_000));
    orders.send(signalAt('quick', 1_100));
    expect(orders.take(1_899)).toEqual([]);
    expect(orders.take(1_900).map(({ signal }) => signal.signal_id)).toEqual(['slow', 'quick']);
  });

  test('takes feed and order latency together; a jitter has its mean and repeats itself', () => {
    const both = sumOfLatencies(constantLatency(30, 'of the feed'), constantLatency(70, 'of orders'));
    expect(both.delayMs('a')).toBe(100);
    const jitter = jitteredLatency(100, 'seed');
    const delays = Array.from({ length: 4_000 }, (_, n) => jitter.delayMs(`signal ${n}`));
    // The mean of 4,000 exponential delays has a standard error of 1.6 ms.
    expect(delays.reduce((sum, ms) => sum + ms, 0) / delays.length).toBeCloseTo(100, -1);
    expect(jitter.delayMs('signal 7')).toBe(delays[7]);
  });

  test('is drawn from a file of delays; a bad file is refused', () => {
    const read = (text: string, ...args: string[]) => {
      writeFileSync(join(folder, 'delays.txt'), text);
      return readLatency(readCommandLine('backtest', ['--latency-file', 'delays.txt', ...args]), folder);
    };
    const drawn = read('5\n15\n\n25\n');
    const delays = new Set(Array.from({ length: 100 }, (_, n) => drawn.delayMs(`${n}`)));
    expect([...delays].toSorted((a, b) => a - b)).toEqual([5, 15, 25]);
    expect(() => read('5\nfast\n')).toThrow('“fast” is no delay');
    expect(() => read('\n')).toThrow('holds no delays');
    expect(() => read('5\n', '--latency-ms', '3')).toThrow('not both');
  });
});

describe('a taker of 1 that is 500 ms late', () => {
  /** Fill price of a LONG decided at an ask of 100.1, if the ask is `later` from 400 ms after the decision on. */
  function fillAt(later: string, latency = constantLatency(500, 'of orders')) {
    const settings = defaultSettings({
      fees: { slippage_bp: 0 },
      simulation: { position_size: 1 },
    });
    const quote = { bid: 99.9, ask: 100.1 };
    const signal = aSignal({ run: 'run', timestamp: T0, ts_init: T0, entry_price: 100.1, quote });
    const createEngine = plannedEngine([signal]);
    const instrument = { symbol: 'BTCUSDT', tick_size: '0.1', step_size: '0.001', min_notional: '5' };
    const path = new PaperPath({ settings, run: 'run', instruments: [instrument], latency, createEngine });
    const deep = (ask: string) => ({ asks: [[ask, '9']] as [string, string][] });
    path.onFrame([aBook(deep('100.1'))]);
    path.onFrame([aBook({ ...deep(later), ts_event: T0 + 400, ts_init: T0 + 400 })]);
    path.onFrame([aBook({ ...deep('200'), ts_event: T0 + 600, ts_init: T0 + 600 })]);
    const [opened] = path.result().decisions;
    return [opened?.fill_price, opened?.timestamp];
  }

  test('pays the book of its arrival: neither the one of the decision nor the one after it', () => {
    expect(fillAt('100.3')).toEqual([100.3, T0 + 500]);
    expect(fillAt('100.3', NO_LATENCY)).toEqual([100.1, T0]);
  });

  test('gains nothing from a book that became better meanwhile', () =>
    expect(fillAt('99.95')).toEqual([100.1, T0 + 500]));
});

describe('an assumed funding', () => {
  test('is announced for the next of 00:00, 08:00 and 16:00 UTC, a minute after the first book', () => {
    const funding = new AssumedFunding(0.0001);
    expect(funding.onEvent(bookAt(MIDNIGHT))).toBeUndefined();
    expect(funding.onEvent(bookAt(MIDNIGHT + 59_999))).toBeUndefined();
    const mark = funding.onEvent(bookAt(MIDNIGHT + 60_000));
    expect(mark).toMatchObject({ next_funding_ts: MIDNIGHT + 8 * 3_600_000, ts_event: MIDNIGHT + 60_000 });
    expect([Number(mark?.mark_price), Number(mark?.funding_rate)]).toEqual([100, 0.0001]);
    expect(funding.symbols()).toEqual(['BTCUSDT']);
    expect(funding.onEvent(bookAt(MIDNIGHT + 60_999))).toBeUndefined();
    expect(funding.onEvent(bookAt(MIDNIGHT + 61_000))).toMatchObject({ ts_event: MIDNIGHT + 61_000 });
  });

  test('ends with the first one of the data, and the report says so', () => {
    const funding = new AssumedFunding(0.0001);
    funding.onEvent(bookAt(MIDNIGHT));
    expect(funding.onEvent(bookAt(MIDNIGHT + 60_000))).toBeDefined();
    const at = { symbol: 'BTCUSDT', ts_event: MIDNIGHT + 61_000, ts_init: MIDNIGHT, mark_price: '100' };
    funding.onEvent({ type: 'mark', ...at, funding_rate: '0.0003', next_funding_ts: MIDNIGHT + 14_400_000 });
    expect(funding.onEvent(bookAt(MIDNIGHT + 120_000))).toBeUndefined();
    expect(funding.lateSymbols()).toEqual(['BTCUSDT']);
    const { fees, simulation } = defaultSettings();
    const inUse = { settings: { fees, simulation }, kind: 'RECORDINGS', fundingRate: 0.0001 } as const;
    const texts = modelsOf({ ...inUse, assumed: funding.symbols(), late: funding.lateSymbols() });
    expect(texts[1]).toBe(
      'Funding: ASSUMED at 0.01 % every 8 hours for BTCUSDT until the data announced it, over a minute after the first book.',
    );
  });

  test('never replaces one of the data', () => {
    const funding = new AssumedFunding(0.0001);
    const at = { symbol: 'BTCUSDT', ts_event: MIDNIGHT, ts_init: MIDNIGHT, mark_price: '100' };
    funding.onEvent({ type: 'mark', ...at, funding_rate: '0.0003', next_funding_ts: MIDNIGHT + 1_000 });
    funding.onEvent(bookAt(MIDNIGHT));
    expect(funding.onEvent(bookAt(MIDNIGHT + 600_000))).toBeUndefined();
    expect(funding.symbols()).toEqual([]);
  });
});

describe('the money check', () => {
  const EIGHT = MIDNIGHT + 8 * 3_600_000;
  const at = { type: 'mark', symbol: 'BTCUSDT', ts_init: MIDNIGHT, funding_rate: '0.0001' } as const;
  const fundings = new FundingLedger();
  // The later of two announcements counts: 10 × 102 × 0.0001 = 0.102.
  fundings.onEvent({ ...at, ts_event: EIGHT - 2_000, mark_price: '101', next_funding_ts: EIGHT });
  fundings.onEvent({ ...at, ts_event: EIGHT - 1_000, mark_price: '102', next_funding_ts: EIGHT });
  const ids = { entry_signal_id: 'entry', exit_signal_id: 'exit', entry_ts: EIGHT - 5_000, exit_ts: EIGHT + 5_000 };
  const decisions = [
    madeDecision({ decision_id: 'entry', liquidity: 'MAKER' }),
    madeDecision({ decision_id: 'exit', liquidity: 'TAKER' }),
  ];
  const settings = { ...defaultSettings(), fees: { ...defaultSettings().fees, maker_fee: 0.0002, taker_fee: 0.0005 } };
  // Fees: 10 × 100 × 0.0002 + 10 × 103 × 0.0005 = 0.2 + 0.515. Net: 30 − 0.715 − 0.102 = 29.183.
  const right = madeTrade({
    ...{ ...ids, quantity: 10, entry_price: 100, exit_price: 103, gross_pnl: 30, fees: 0.715, funding: 0.102 },
    realized_pnl: 29.183,
  });
  const judge = (changes: Partial<typeof right>) => {
    const trades = [{ ...right, ...changes }];
    const { verdict, lines } = checkMoney(madeResult({ settings, decisions, trades }), fundings);
    return `${verdict} ${lines.join(' ')}`;
  };

  test('passes a trade that is right by hand', () => expect(judge({})).toMatch(/^PASSED.*1 trade paid or received/));

  test.each([
    ['funding', { funding: 0.204, realized_pnl: 29.081 }],
    ['fees', { fees: 1.43, realized_pnl: 28.468 }],
    ['move', { gross_pnl: -30, realized_pnl: -30.817 }],
    ['net', { realized_pnl: 29.285 }],
  ])('names a wrong %s', (what, changes) => expect(judge(changes)).toMatch(new RegExp(`^FAILED.*: ${what} is`)));

  test('judges move and net of a liquidated position, whose fees depend on its parts', () => {
    const liquidated = { exit_reason: 'LIQUIDATION', fees: 5, realized_pnl: 24.898 } as const;
    expect(judge(liquidated)).toMatch(
      /^PASSED.* 1 position filled in parts or liquidated: only move and net are judged/,
    );
    expect(judge({ ...liquidated, realized_pnl: 29.898 })).toMatch(/^FAILED.*: net is 29.898/);
    expect(judge({ ...liquidated, gross_pnl: 31, realized_pnl: 25.898 })).toMatch(/^FAILED.*: move is 31/);
  });

  test('expects the opposite sign of a short, and nothing of a trade that ends before', () => {
    expect(fundings.dueOf({ ...right, side: 'SHORT' })).toBeCloseTo(-0.102, 12);
    expect(fundings.dueOf({ ...right, exit_ts: EIGHT - 1 })).toBe(0);
  });
});
