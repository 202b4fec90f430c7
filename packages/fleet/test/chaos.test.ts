import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChaosStep, chaosPlan } from '../src/chaos/chaos-plan.ts';
import { stateDifferences } from '../src/chaos/state-differences.ts';

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

  test('at most two steps at once, none twice at once, and all over before the end', () => {
    plans((plan, durationMs) => {
      for (const [index, step] of plan.entries()) {
        expect(endOf(step)).toBeLessThan(durationMs);
        const beside = plan.slice(0, index).filter((other) => endOf(other) > step.atMs);
        expect(beside.length).toBeLessThan(2);
        expect(beside.map(({ what }) => what)).not.toContain(step.what);
      }
    });
  });

  test('steps are in order; SIGSTOP lasts at most 20 s, a kill no time', () => {
    plans((plan) => {
      expect(plan.map(({ atMs }) => atMs)).toEqual(plan.map(({ atMs }) => atMs).sort((a, b) => a - b));
      for (const { kind, forMs } of plan) {
        if (kind === 'KILL') expect(forMs).toBe(0);
        else expect(forMs).toBeGreaterThanOrEqual(2_000);
        expect(forMs).toBeLessThanOrEqual(20_000);
      }
    });
  });

  test('over many seeds every process is killed and stopped, and every fault happens', () => {
    const seen = new Set(
      Array.from({ length: 40 }, (_, seed) => chaosPlan('BTCUSDT', seed, 600_000))
        .flat()
        .map(({ what }) => what),
    );
    for (const member of ['execution-manager', 'risk-manager', 'signal-engine', 'decision-logger', 'redis'])
      expect([...seen]).toEqual(expect.arrayContaining([`kill -9 of ${member}`, `SIGSTOP of ${member}`]));
    expect(seen).toContain('the venue cannot be reached');
    expect([...seen].filter((what) => /^F\d/.test(what)).length).toBe(10);
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
