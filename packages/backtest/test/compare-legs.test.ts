import { compareLegs } from '@helios/backtest/parity/compare-legs.ts';
import type { EntryFate, TradePair } from '@helios/backtest/parity/trade-pairs.ts';
import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { Denial } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { aSignal } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';

const HOUR_MS = 3_600_000;
const ENTERED = 1_000;
const LEFT = 9_000;

const fate = (trade: ClosedTrade): EntryFate => ({ answer: { answer: 'FILLED' } as Execution, trade });

const denied = (code: Denial['code']): EntryFate => ({
  answer: { answer: 'DENIED', denial: { code, value: 1, limit: 0 } } as Execution,
  trade: undefined,
});

const tradeOf = (more: Partial<ClosedTrade>): ClosedTrade => ({
  ...({ symbol: 'BTCUSDT', side: 'LONG', quantity: 1, entry_ts: ENTERED, entry_price: 100 } as ClosedTrade),
  ...{ exit_ts: LEFT, exit_price: 100, ...more },
});

/** A stop of the exchange's history that sells. */
const stop = (ts: number, status: string, trigger_price: string): LedgerEvent => ({
  ...{ seq: ts, ts, kind: 'ALGO' },
  order: {
    ...{ client_algo_id: 's', symbol: 'BTCUSDT', side: 'SELL', quantity: '1', reduce_only: true },
    ...{ close_position: false, trigger_price, status },
  },
});

const signal = aSignal({ signal_id: 'a', symbol: 'BTCUSDT', direction: 'LONG', timestamp: ENTERED, stop_loss: 95 });

const causesOf = (pairs: readonly TradePair[], ledger: readonly LedgerEvent[] = [], since = 0): readonly string[] =>
  compareLegs(pairs, { ledger, since: () => since, exitRestMs: 0 }).legs.map(({ cause }) => cause);

test.each([
  ['95.0', 'STOP_AT_VENUE'],
  ['97.5', 'UNEXPLAINED'],
])('a stop that fired and rested first at %s, of 95 as decided, is %s', (price, cause) => {
  const live = fate(tradeOf({ exit_reason: 'STOP_LOSS', exit_price: Number(price) }));
  const paper = fate(tradeOf({ exit_reason: 'TIME_EXIT', exit_price: 99 }));
  const ledger = [stop(ENTERED, 'NEW', price), stop(LEFT, 'TRIGGERED', price)];
  expect(causesOf([{ signal, live, paper }], ledger)).toEqual(['EQUAL', cause]);
});

test.each([
  ['95.0', 'STOP_AT_VENUE'],
  ['90.0', 'UNEXPLAINED'],
])('a stop that did not fire and rested first at %s, of 95 as decided, is %s', (price, cause) => {
  const live = fate(tradeOf({ exit_reason: 'TIME_EXIT', exit_price: 99 }));
  const paper = fate(tradeOf({ exit_reason: 'STOP_LOSS', exit_price: 95 }));
  expect(causesOf([{ signal, live, paper }], [stop(ENTERED, 'NEW', price)])).toEqual(['EQUAL', cause]);
});

test.each(['FOREIGN_POSITION', 'MARGIN_ASSET', 'ACCOUNT_MODE', 'FOREIGN_INSTANCE'] as const)(
  'a denial for %s, which an account without another hand never has, explains nothing',
  (code) => {
    expect(causesOf([{ signal, live: denied(code), paper: fate(tradeOf({})) }])).toEqual(['UNEXPLAINED']);
  },
);

test.each([
  [0, 'DENIED_DIFFERENTLY'],
  [HOUR_MS - 1, 'UNEXPLAINED'],
] as const)('positions that differed before both runs were flat at %s ms make a denial for them %s', (since, cause) => {
  const before = { signal, live: denied('ACCOUNT_STALE'), paper: fate(tradeOf({})) };
  const later = aSignal({ ...signal, signal_id: 'b', timestamp: HOUR_MS });
  const pairs = [before, { signal: later, live: denied('MAX_OPEN_POSITIONS'), paper: fate(tradeOf({})) }];
  expect(causesOf(pairs, [], since)).toEqual(['DENIED_DIFFERENTLY', cause]);
});
