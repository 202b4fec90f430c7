import type { Execution } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { describe, expect, test } from 'vitest';
import { type AuditInput, audit } from './auditor.ts';
import type { LedgerEvent, LedgerOrder, LedgerStop } from './venue-ledger.ts';

const HASH = 'a'.repeat(24);
const ENTRY = `he-${HASH}-e1-a`;
const STOP = `he-${HASH}-s1-a`;

const order = (more: Partial<LedgerOrder>): LedgerOrder => ({
  ...{ order_id: '1', client_order_id: ENTRY, symbol: 'BTCUSDT', side: 'BUY', reduce_only: false },
  ...{ quantity: '0.010', status: 'NEW', ...more },
});
const stop = (more: Partial<LedgerStop>): LedgerStop => ({
  ...{ client_algo_id: STOP, symbol: 'BTCUSDT', side: 'SELL', quantity: '0.010', reduce_only: true },
  ...{ close_position: false, trigger_price: '60000', status: 'NEW', ...more },
});
const placed = (ts: number, more: Partial<LedgerOrder> = {}): LedgerEvent => ({
  ...{ seq: ts, ts, kind: 'ORDER', execution: 'NEW', order: order(more) },
});
const filled = (ts: number, trade_id: string, quantity: string, more: Partial<LedgerOrder> = {}): LedgerEvent => ({
  ...{ seq: ts, ts, kind: 'ORDER', execution: 'TRADE', order: order(more), fill: { trade_id, quantity } },
});
const position = (ts: number, quantity: string): LedgerEvent => ({
  ...{ seq: ts, ts, kind: 'BALANCE', reason: 'ORDER', positions: [{ symbol: 'BTCUSDT', quantity }] },
});
const stopped = (ts: number, more: Partial<LedgerStop> = {}): LedgerEvent => ({
  ...{ seq: ts, ts, kind: 'ALGO', order: stop(more) },
});
const answer = (signal: string, last: string, trade_id?: string): Execution =>
  ({
    ...{ execution_id: `${signal}#${last}`, signal_id: signal, answer: last === 'END' ? 'FILLED' : 'PARTIALLY_FILLED' },
    ...(trade_id !== undefined && { fill: { trade_id, quantity: 0.01 } }),
  }) as Execution;

/** An entry, its stop half a second later, and the stop's fill a minute later. */
const ROUND_TRIP: readonly LedgerEvent[] = [
  placed(1_000),
  filled(1_001, '77', '0.010', { status: 'FILLED' }),
  position(1_002, '0.010'),
  stopped(1_500),
  stopped(60_000, { status: 'TRIGGERED' }),
  placed(60_001, { client_order_id: STOP, order_id: '2', side: 'SELL', reduce_only: true }),
  filled(60_002, '78', '0.010', { client_order_id: STOP, order_id: '2', side: 'SELL', status: 'FILLED' }),
  position(60_003, '0.000'),
];
const CLEAN: AuditInput = {
  ledger: ROUND_TRIP,
  executions: [answer('in', 'END', '77'), answer('out', 'END', '78')],
  trades: [{ realized_pnl: -1.25 } as ClosedTrade],
  signals: ['in', 'out'],
  wallets: { before: '1000.00000000', after: '998.75000000' },
};
const codes = (change: Partial<AuditInput>): string[] => audit({ ...CLEAN, ...change }).map(({ code }) => code);

describe('the auditor', () => {
  test('finds nothing in a clean round trip, also if a message came twice', () => {
    expect(audit(CLEAN)).toEqual([]);
    expect(codes({ executions: [...CLEAN.executions, answer('in', 'END', '77')] })).toEqual([]);
  });

  test.each<[string, Partial<AuditInput>]>([
    ['ORDER_TWICE', { ledger: [...ROUND_TRIP, placed(70_000, { order_id: '3' })] }],
    ['REVERSED', { ledger: [...ROUND_TRIP, position(70_000, '0.010'), stopped(70_001), position(70_100, '-0.010')] }],
    ['UNCOVERED', { ledger: [...ROUND_TRIP.filter(({ ts }) => ts !== 1_500), stopped(4_000)] }],
    ['FILL_LOST', { executions: [answer('in', 'END', '77'), answer('out', 'END')] }],
    ['FILL_INVENTED', { executions: [...CLEAN.executions, answer('in', '79', '79')] }],
    ['FILL_TWICE', { executions: [...CLEAN.executions, answer('in', '77', '77')] }],
    ['NO_FINAL_ANSWER', { signals: ['in', 'out', 'lost'] }],
    [
      'SECOND_FINAL_ANSWER',
      { executions: [...CLEAN.executions, { ...answer('in', 'END'), execution_id: 'in#AGAIN' }] },
    ],
    ['MONEY', { wallets: { before: '1000.00000000', after: '998.75000001' } }],
  ])('finds %s', (code, change) => {
    expect(codes(change)).toContain(code);
  });

  test('finds an entry that filled more than it asked for, over two orders of one signal', () => {
    const again = { client_order_id: `he-${HASH}-e2-a`, order_id: '3' };
    const more = [placed(500, again), filled(501, '80', '0.010', again)];
    const executions = [...CLEAN.executions, answer('in', '80', '80')];
    expect(codes({ ledger: [...more, ...ROUND_TRIP], executions })).toContain('SIGNAL_OVERFILLED');
  });

  test('a stop of a part, of the wrong side or of an end is no cover', () => {
    for (const more of [
      { quantity: '0.009' },
      { side: 'BUY' as const },
      { status: 'REJECTED' },
      { reduce_only: false },
    ]) {
      const ledger = ROUND_TRIP.map((event) => (event.ts === 1_500 ? stopped(1_500, more) : event));
      expect(codes({ ledger })).toEqual(['UNCOVERED']);
    }
  });

  test('while the venue is silent a position may be bare', () => {
    const ledger = ROUND_TRIP.map((event) => (event.ts === 1_500 ? stopped(8_000) : event));
    expect(codes({ ledger })).toEqual(['UNCOVERED']);
    expect(codes({ ledger, silences: [{ fromTs: 2_000, toTs: 7_000 }] })).toEqual([]);
  });

  test('two silences at once count once', () => {
    const ledger = ROUND_TRIP.map((event) => (event.ts === 1_500 ? stopped(8_000) : event));
    const half = { fromTs: 2_000, toTs: 5_000 };
    expect(codes({ ledger, silences: [half, half] })).toEqual(['UNCOVERED']);
    expect(codes({ ledger, silences: [{ fromTs: 4_000, toTs: 7_000 }, half] })).toEqual([]);
  });
});
