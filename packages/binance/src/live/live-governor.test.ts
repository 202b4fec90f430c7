import { expect, test } from 'vitest';
import type { RestAnswer } from '../rest/rest-answer.ts';
import { LiveGovernor, type Permission, type Priority } from './live-governor.ts';

const START_MS = 1_800_000_000_000 - (1_800_000_000_000 % 60_000) + 20_000;
const OK: RestAnswer<unknown> = { kind: 'OK', value: 1, tsSent: 0, tsReceived: 0 };

const refused = (code: 'LIMITED' | 'BANNED', retryAfterMs?: number, serverCode?: number): RestAnswer<unknown> => ({
  ...{ kind: 'FAILURE', code, detail: '', advice: '' },
  ...(retryAfterMs !== undefined && { retryAfterMs }),
  ...(serverCode !== undefined && { serverCode }),
});

function governed(share = 0.5) {
  const clock = { ms: START_MS };
  const governor = new LiveGovernor(() => clock.ms, share);
  const ask = (priority: Priority, weight: number, orders: 0 | 1 = 0) => governor.begin({ priority, weight, orders });
  const answer = (permission: Permission, result: RestAnswer<unknown>) => {
    if (permission.kind !== 'GO') throw new Error('not permitted');
    governor.end(permission.ticket, result);
  };
  return { clock, governor, ask, answer };
}

test('entries use their share of the weight, queries and protection the rest', () => {
  const { ask, governor } = governed();
  expect(ask('ENTRY', 1_200).kind).toBe('GO');
  expect(ask('ENTRY', 1)).toMatchObject({ kind: 'WAIT', code: 'LIMITED', waitMs: 40_000 });
  expect(ask('KNOWLEDGE', 960).kind).toBe('GO');
  expect(ask('KNOWLEDGE', 1)).toMatchObject({ kind: 'WAIT', waitMs: 40_000 });
  expect(ask('PROTECTION', 240).kind).toBe('GO');
  expect(ask('PROTECTION', 1).kind).toBe('WAIT');
  expect(governor.limits.weight).toEqual({ used: 2_400, limit: 2_400 });
});

test('entries leave three of ten orders to protection, in ten seconds and in a minute', () => {
  const { ask, clock } = governed();
  for (let n = 0; n < 210; n += 1) expect(ask('ENTRY', 0, 1).kind).toBe('GO');
  expect(ask('ENTRY', 0, 1)).toMatchObject({ kind: 'WAIT', waitMs: 10_000 });
  for (let n = 0; n < 90; n += 1) expect(ask('PROTECTION', 0, 1).kind).toBe('GO');
  expect(ask('PROTECTION', 0, 1).kind).toBe('WAIT');
  expect(ask('KNOWLEDGE', 1).kind).toBe('GO');
  clock.ms += 10_000;
  expect(ask('ENTRY', 0, 1).kind).toBe('GO');
});

test('the venue’s own counts are taken over', () => {
  const { ask, governor, answer } = governed();
  const permission = ask('ENTRY', 1, 1);
  governor.observe({ 'x-mbx-used-weight-1m': '1500', 'x-mbx-order-count-10s': '250', 'x-mbx-order-count-1m': '900' });
  answer(permission, OK);
  expect(governor.limits).toMatchObject({
    ...{ weight: { used: 1_500 }, orders10s: { used: 250, limit: 300 }, orders1m: { used: 900, limit: 1_200 } },
  });
  expect(ask('ENTRY', 1).kind).toBe('WAIT');
});

test('F35 after a 429 protection tries again with growing pauses, all else waits for the named time', () => {
  const { ask, clock, answer } = governed();
  answer(ask('ENTRY', 1), refused('LIMITED', 30_000));
  expect(ask('ENTRY', 1)).toMatchObject({ waitMs: 31_000 });
  expect(ask('KNOWLEDGE', 1)).toMatchObject({ waitMs: 31_000 });
  for (const pauseMs of [1_000, 2_000, 4_000]) {
    expect(ask('PROTECTION', 0, 1)).toMatchObject({ kind: 'WAIT', waitMs: pauseMs });
    clock.ms += pauseMs;
    answer(ask('PROTECTION', 0, 1), refused('LIMITED', 30_000));
  }
  clock.ms += 8_000;
  answer(ask('PROTECTION', 0, 1), OK);
  expect(ask('PROTECTION', 0, 1).kind).toBe('GO');
});

test('F35 a ban stops everything until it ends', () => {
  const { ask, clock, answer, governor } = governed();
  answer(ask('PROTECTION', 1), refused('BANNED'));
  for (const priority of ['ENTRY', 'KNOWLEDGE', 'PROTECTION'] as const) {
    expect(ask(priority, 0)).toMatchObject({ kind: 'WAIT', code: 'BANNED', waitMs: 120_000 });
  }
  expect(governor.limits.isBanned).toBe(true);
  clock.ms += 121_000;
  expect(ask('PROTECTION', 0, 1).kind).toBe('GO');
});

test('too many orders stop orders only', () => {
  const { ask, answer } = governed();
  answer(ask('ENTRY', 0, 1), refused('LIMITED', 5_000, -1015));
  expect(ask('ENTRY', 0, 1)).toMatchObject({ kind: 'WAIT', waitMs: 5_000 });
  expect(ask('PROTECTION', 0, 1)).toMatchObject({ kind: 'WAIT', waitMs: 1_000 });
  expect(ask('KNOWLEDGE', 40).kind).toBe('GO');
});

test('limits that the venue lists replace the constants, and those that it does not list stay', () => {
  const { ask, governor } = governed();
  governor.setLimits({ weightPerMinute: 1_000, ordersPer10s: 10, ordersPerMinute: undefined });
  expect(governor.limits).toMatchObject({
    weight: { limit: 1_000 },
    orders10s: { limit: 10 },
    orders1m: { limit: 1_200 },
  });
  for (let n = 0; n < 7; n += 1) expect(ask('ENTRY', 0, 1).kind).toBe('GO');
  expect(ask('ENTRY', 0, 1)).toMatchObject({ kind: 'WAIT', code: 'LIMITED' });
  expect(ask('ENTRY', 501).kind).toBe('WAIT');
});

test('after a refusal of one order too many entries use half of their orders, and gain them back; protection keeps all', () => {
  const { ask, answer, clock } = governed();
  answer(ask('ENTRY', 0, 1), refused('LIMITED', undefined, -1015));
  clock.ms += 10_000;
  for (let n = 0; n < 105; n += 1) expect(ask('ENTRY', 0, 1).kind).toBe('GO');
  clock.ms += 9_000;
  let more = 0;
  while (ask('ENTRY', 0, 1).kind === 'GO') more += 1;
  expect(more).toBeLessThan(10);
  for (let n = 0; n < 150; n += 1) expect(ask('PROTECTION', 0, 1).kind).toBe('GO');
  clock.ms += 6 * 60_000;
  for (let n = 0; n < 210; n += 1) expect(ask('ENTRY', 0, 1).kind).toBe('GO');
});

test('after a 429 queries use less weight, too', () => {
  const { ask, answer, clock } = governed();
  answer(ask('ENTRY', 1), refused('LIMITED', 1_000));
  clock.ms += 60_000;
  expect(ask('KNOWLEDGE', 1_300).kind).toBe('WAIT');
  expect(ask('KNOWLEDGE', 1_000).kind).toBe('GO');
  expect(ask('PROTECTION', 1_300).kind).toBe('GO');
});
