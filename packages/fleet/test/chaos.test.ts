import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import { startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LINK_FAULTS, linkText, venueFaults } from '../src/chaos/chaos-faults.ts';
import { chaosPlan } from '../src/chaos/chaos-plan.ts';
import { type ChaosResult, resultTable } from '../src/chaos/chaos-result.ts';
import { seedsOf } from '../src/chaos/chaos-seeds.ts';
import { type ChaosStep, targetOf } from '../src/chaos/chaos-step.ts';
import { withoutShifts } from '../src/chaos/clock-shifts.ts';
import { stateDifferences } from '../src/chaos/state-differences.ts';
import { missingForTrading } from '../src/chaos/trading-back.ts';

const SEED = fc.integer({ min: 0, max: 1_000_000 });
const MINUTES = fc.double({ min: 0.3, max: 20, noNaN: true });

const plans = (check: (plan: readonly ChaosStep[], durationMs: number, seed: number) => void): void =>
  fc.assert(
    fc.property(SEED, MINUTES, (seed, minutes) =>
      check(chaosPlan('BTCUSDT', seed, minutes * 60_000), minutes * 60_000, seed),
    ),
  );

const endOf = ({ atMs, forMs }: ChaosStep): number => atMs + forMs;

describe('chaosPlan', () => {
  test('the same seed makes the same plan, another seed another one', () => {
    plans((plan, durationMs, seed) => {
      expect(chaosPlan('BTCUSDT', seed, durationMs)).toEqual(plan);
      if (plan.length > 0) expect(chaosPlan('BTCUSDT', seed + 1, durationMs)).not.toEqual(plan);
    });
  });

  test('at most three steps at once, none twice on the same thing, and all over before the end', () => {
    plans((plan, durationMs) => {
      for (const [index, step] of plan.entries()) {
        expect(endOf(step)).toBeLessThan(durationMs);
        const beside = plan.slice(0, index).filter((other) => endOf(other) > step.atMs);
        expect(beside.length).toBeLessThan(3);
        expect(beside.map(targetOf)).not.toContain(targetOf(step));
      }
    });
  });

  test('steps are in order; SIGSTOP lasts at most 20 s, a kill no time', () => {
    plans((plan) => {
      expect(plan.map(({ atMs }) => atMs)).toEqual(plan.map(({ atMs }) => atMs).sort((a, b) => a - b));
      for (const { kind, forMs } of plan) {
        if (kind === 'KILL') expect(forMs).toBe(0);
        if (kind === 'STOP') expect(forMs).toBeGreaterThanOrEqual(2_000);
        if (kind !== 'AMBUSH') expect(forMs).toBeLessThanOrEqual(20_000);
      }
    });
  });

  test('over many seeds every process is killed and stopped, and everything happens to the venue and to each link', () => {
    const seen = Array.from({ length: 60 }, (_, seed) => chaosPlan('BTCUSDT', seed, 600_000)).flat();
    const texts = new Set(seen.map(({ what }) => what));
    const members = ['execution-manager', 'risk-manager', 'signal-engine', 'decision-logger', 'data-ingestor', 'redis'];
    for (const member of members)
      expect([...texts]).toEqual(expect.arrayContaining([`kill -9 of ${member}`, `SIGSTOP of ${member}`]));
    for (const { what } of venueFaults('BTCUSDT')) expect(texts).toContain(what);
    for (const { link, fault } of LINK_FAULTS) expect(texts).toContain(linkText(link, fault));
    expect(texts).toContain('the venue cannot be reached');
    expect(texts).toContain('between a fill and its stop: kill -9 of execution-manager, kill -9 of redis');
    expect(new Set(seen.filter(({ kind }) => kind === 'AMBUSH').map(({ what }) => what)).size).toBe(12);
  });

  test('the local exchange can make every fault', async () => {
    const venue = await startExchange({ market: { kind: 'generator', symbols: ['BTCUSDT'] } });
    try {
      for (const { faults } of venueFaults('BTCUSDT')) await venue.setFaults(faults);
    } finally {
      await venue.stop();
    }
  });
});

describe('stateDifferences', () => {
  const position = { symbol: 'BTCUSDT', quantity: '-0.010' };
  const order = { symbol: 'BTCUSDT', client_order_id: 'he-1' };
  const truth = { wallet: '9998.70000000', positions: [position], open_orders: [order], open_algo_orders: [] };
  const shown: Readonly<Record<string, unknown>> = {
    '/api/positions': { positions: [{ symbol: 'BTCUSDT', side: 'SHORT', quantity: 0.01 }] },
    '/api/orders': { orders: [{ order_id: 'he-1' }] },
    '/api/account': { account: { wallet_balance: 9998.7 } },
  };
  const differences = (more: Readonly<Record<string, unknown>>): Promise<readonly string[]> =>
    stateDifferences({ account: async () => truth }, { read: async (path) => ({ ...shown, ...more })[path] });

  test('none if the page shows what the venue has', async () => {
    expect(await differences({})).toEqual([]);
  });

  test.each([
    [
      'the side',
      { '/api/positions': { positions: [{ symbol: 'BTCUSDT', side: 'LONG', quantity: 0.01 }] } },
      /^positions/,
    ],
    ['an order', { '/api/orders': { orders: [] } }, /^orders: the fleet shows “”, the venue “he-1”/],
    ['a cent', { '/api/account': { account: { wallet_balance: 9998.71 } } }, /^wallet/],
    ['a page that is down', { '/api/account': undefined }, /does not answer/],
  ])('%s', async (_what, more, expected) => {
    expect(await differences(more)).toEqual([expect.stringMatching(expected)]);
  });
});

describe('missingForTrading', () => {
  const beat = { service: 'risk-manager', status: 'RUNNING', heartbeat_age_ms: 400 };
  const live = {
    ...{ self_test: { passed: true }, blocked_by: [], foreign_positions: [], foreign_orders: 0, unknown_orders: [] },
    uncovered_ms: 0,
  };
  const shown: Readonly<Record<string, unknown>> = {
    '/api/state': { trading: { state: 'ACTIVE', reason: 'Start' } },
    '/api/health': { services: [beat] },
    '/api/account': { live, live_age_ms: 300 },
  };
  const entered = (role: string): LedgerEvent =>
    ({
      ...{ seq: 9, ts: 9, kind: 'ORDER', execution: 'NEW' },
      order: { client_order_id: `he-${'a'.repeat(24)}-${role}1-a` },
    }) as LedgerEvent;
  const missing = (more: Readonly<Record<string, unknown>>, news = [entered('e')]): Promise<readonly string[]> =>
    missingForTrading(
      { ledger: async (after) => (after === 8 ? news : []) },
      { read: async (path) => ({ ...shown, ...more })[path] },
      8,
    );
  const account = (more: object): Readonly<Record<string, unknown>> => ({
    '/api/account': { live: { ...live, ...more }, live_age_ms: 300 },
  });

  test('nothing if the fleet enters, beats, is allowed to enter and covers', async () => {
    expect(await missing({})).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ['a halt', { '/api/state': { trading: { state: 'HALTED', reason: 'margin' } } }, /^trading is HALTED: margin$/],
    ['a silent service', { '/api/health': { services: [{ ...beat, heartbeat_age_ms: 9_000 }] } }, /^risk-manager/],
    ['a service that is down', { '/api/health': { services: [{ ...beat, status: 'DOWN' }] } }, /^risk-manager is DOWN/],
    ['a silent execution-manager', { '/api/account': { live, live_age_ms: 60_000 } }, /does not report/],
    ['a failed self-test', account({ self_test: { passed: false } }), /self-test/],
    ['a block', account({ blocked_by: [{ code: 'LEASE', reason: 'another one' }] }), /LEASE: another one/],
    [
      'our position as a foreign one',
      account({ foreign_positions: ['BTCUSDT 0.01'] }),
      /BTCUSDT 0.01 counts as foreign/,
    ],
    ['our order as a foreign one', account({ foreign_orders: 1 }), /1 orders count as foreign/],
    ['an unknown order', account({ unknown_orders: ['he-1'] }), /he-1 is not known/],
    ['a bare position', account({ uncovered_ms: 10 }), /no cover/],
    ['a page that is down', { '/api/health': undefined }, /page does not answer/],
  ])('%s', async (_what, more, expected) => {
    expect(await missing(more)).toEqual([expect.stringMatching(expected)]);
  });

  test('an exit is no entry', async () => {
    expect(await missing({}, [entered('x')])).toEqual(['no entry has reached the venue']);
  });
});

test('while the clock of the venue is off, its events get their true times', () => {
  const event = (seq: number, ts: number): LedgerEvent => ({ seq, ts, kind: 'MARGIN_CALL' });
  const ledger = [
    event(1, 1_000),
    event(2, 1_990),
    event(3, 9_010),
    event(4, 12_000),
    event(5, 12_995),
    event(6, 6_005),
  ];
  const straight = withoutShifts(ledger, [
    { fromSeq: 1, toSeq: 3, atTs: 2_000, beforeMs: 0, offsetMs: 7_000 },
    { fromSeq: 4, toSeq: 6, atTs: 6_000, beforeMs: 7_000, offsetMs: 0 },
  ]);
  expect(straight.map(({ ts }) => ts)).toEqual([1_000, 1_990, 2_010, 5_000, 5_995, 6_005]);
});

test.each([
  ['3', [3]],
  ['1-5', [1, 2, 3, 4, 5]],
  ['1,4, 9-10,4', [1, 4, 9, 10]],
  ['5-1', undefined],
  ['0-1000', undefined],
  ['a', undefined],
  ['', undefined],
])('the seeds of “%s”', (text, seeds) => {
  expect(seedsOf(text)).toEqual(seeds);
});

test('the table has one line a seed, and each broken rule', () => {
  const result: ChaosResult = {
    ...{
      seed: 7,
      steps: 60,
      met: 55,
      fills: 210,
      trades: 70,
      maxBareMs: 412,
      backMs: 6_200,
      waitedMs: 1_300,
      maxWaitMs: 90,
    },
    violations: ['UNCOVERED: BTCUSDT'],
  };
  expect(resultTable([result])).toEqual([
    '  seed   steps     met   fills  trades    bare  back after  no core  broken',
    '     7      60      55     210      70  412 ms       6.2 s    1.3 s       1',
    'BROKEN  seed 7: UNCOVERED: BTCUSDT',
  ]);
});
