import { compareLegs } from '@helios/backtest/parity/compare-legs.ts';
import type { EntryFate, TradePair } from '@helios/backtest/parity/trade-pairs.ts';
import { type RefusedRequest, refusedRequestOf, type VenueAnswers } from '@helios/backtest/parity/venue-answers.ts';
import { clientOrderIdOf } from '@helios/core/execution/client-order-id.ts';
import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { Denial } from '@helios/shared/domain/decision.ts';
import { EntryBlock } from '@helios/shared/domain/entry-block.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { HttpMethod, HttpOutcome } from '@helios/shared/runtime/http-client.ts';
import { aSignal } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';

type OrderFill = Extract<LedgerEvent, { kind: 'ORDER' }>['fill'];

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

/** An order of the exchange's history that buys. */
const order = (client_order_id: string, more: { status: string; ts?: number; fill?: OrderFill }): LedgerEvent => {
  const { ts = ENTERED, status, fill } = more;
  const common = { symbol: 'BTCUSDT', side: 'BUY', reduce_only: false, quantity: '1' } as const;
  return {
    ...{ seq: ts, ts, kind: 'ORDER', execution: status, ...(fill && { fill }) },
    order: { order_id: '1', client_order_id, ...common, status },
  };
};

const signal = aSignal({ signal_id: 'a', symbol: 'BTCUSDT', direction: 'LONG', timestamp: ENTERED, stop_loss: 95 });

const NOTHING: VenueAnswers = { refused: [], marks: [] };

const causesOf = (
  pairs: readonly TradePair[],
  ledger: readonly LedgerEvent[] = [],
  { since = 0, answers = NOTHING }: { readonly since?: number; readonly answers?: VenueAnswers } = {},
): readonly string[] =>
  compareLegs(pairs, { ledger, answers, since: () => since, exitRestMs: 0 }).legs.map(({ cause }) => cause);

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

/** A live trade that live trading itself closed in the moment of its entry, because its stop had passed. */
const closedAtOnce = (exit_signal_id = 'a-STOP_LOSS-C1') =>
  fate(
    tradeOf({
      ...{ exit_signal_id, exit_reason: 'STOP_LOSS', exit_ts: ENTERED, exit_price: 94 },
      exit_leg: { decision_price: 94, decided_ts: ENTERED, filled_ts: ENTERED, venue_ts: ENTERED },
    }),
  );
const onPaper = fate(tradeOf({ exit_reason: 'TAKE_PROFIT', exit_price: 101 }));
const refusal: RefusedRequest = {
  ...{ ts: ENTERED, clientId: 's', symbol: 'BTCUSDT', side: 'SELL', triggerPrice: 95, code: -2021 },
};

describe('a stop whose price has passed', () => {
  test.each([
    ['of this moment', {}, 'STOP_PASSED'],
    ['of another moment', { ts: ENTERED + 1 }, 'UNEXPLAINED'],
    ['of another symbol', { symbol: 'ETHUSDT' }, 'UNEXPLAINED'],
    ['of a stop for the other side', { side: 'BUY' }, 'UNEXPLAINED'],
    ['at another price than decided', { triggerPrice: 97 }, 'UNEXPLAINED'],
    ['for another reason', { code: -4131 }, 'UNEXPLAINED'],
    ['of an order', { triggerPrice: undefined }, 'UNEXPLAINED'],
  ] as const)('is proven by the answer of the exchange, not by one %s', (_, more, cause) => {
    const answers = { refused: [{ ...refusal, ...more }], marks: [] };
    expect(causesOf([{ signal, live: closedAtOnce(), paper: onPaper }], [], { answers })).toEqual(['EQUAL', cause]);
  });

  test('is not proven by the exit alone, nor for an exit that live trading did not make', () => {
    const answers = { refused: [refusal], marks: [] };
    expect(causesOf([{ signal, live: closedAtOnce(), paper: onPaper }])).toEqual(['EQUAL', 'UNEXPLAINED']);
    const live = closedAtOnce('a-STOP_LOSS');
    expect(causesOf([{ signal, live, paper: onPaper }], [], { answers })).toEqual(['EQUAL', 'UNEXPLAINED']);
  });

  test.each([
    ['beyond it', 94, ENTERED, 'STOP_PASSED'],
    ['beyond it, but read later', 94, ENTERED + 1, 'UNEXPLAINED'],
    ['of another price than the decision', 93, ENTERED, 'UNEXPLAINED'],
  ])('is proven by a mark price of the exchange %s', (_, price, ts, cause) => {
    const answers = { refused: [], marks: [{ ts, symbol: 'BTCUSDT', price }] };
    const ledger = [stop(ENTERED, 'NEW', '95.0')];
    expect(causesOf([{ signal, live: closedAtOnce(), paper: onPaper }], ledger, { answers })).toEqual(['EQUAL', cause]);
  });

  test('explains later decisions', () => {
    const facts = { ledger: [], answers: { refused: [refusal], marks: [] }, since: () => 0, exitRestMs: 0 };
    const { roots } = compareLegs([{ signal, live: closedAtOnce(), paper: onPaper }], facts);
    expect(roots).toContainEqual({ id: 'a', ts: ENTERED, cause: 'STOP_PASSED' });
  });
});

test.each([
  ...EntryBlock.options,
  'ACCOUNT_STALE',
  'TERMS_UNKNOWN',
  'CLUSTER_EXPOSURE',
  'STOP_BEYOND_LIQUIDATION',
] as const)('a denial for %s explains nothing by itself', (code) => {
  expect(causesOf([{ signal, live: denied(code), paper: fate(tradeOf({})) }])).toEqual(['UNEXPLAINED']);
});

const held = (symbol: string, quantity: string): LedgerEvent => ({
  ...{ seq: 1, ts: ENTERED - 1, kind: 'BALANCE', reason: 'ORDER', positions: [{ symbol, quantity }] },
});

test.each([
  ['SYMBOL_BUSY', 'BTCUSDT', '0.1', 'DENIED_DIFFERENTLY'],
  ['SYMBOL_BUSY', 'ETHUSDT', '0.1', 'UNEXPLAINED'],
  ['SYMBOL_BUSY', 'BTCUSDT', '0.0', 'UNEXPLAINED'],
  ['CLUSTER_EXPOSURE', 'ETHUSDT', '0.1', 'DENIED_DIFFERENTLY'],
  ['CLUSTER_EXPOSURE', 'ETHUSDT', '-0.1', 'UNEXPLAINED'],
] as const)('%s while the exchange shows %s with %s is %s', (code, symbol, quantity, cause) => {
  const pair = { signal, live: denied(code), paper: fate(tradeOf({})) };
  expect(causesOf([pair], [held(symbol, quantity)])).toEqual([cause]);
});

test.each([
  ['NEW', 'DENIED_DIFFERENTLY'],
  ['FILLED', 'UNEXPLAINED'],
])('SYMBOL_BUSY after an order that is %s is %s', (status, cause) => {
  const pair = { signal, live: denied('SYMBOL_BUSY'), paper: fate(tradeOf({})) };
  expect(causesOf([pair], [order('x', { ts: ENTERED - 1, status })])).toEqual([cause]);
});

describe('an entry that filled nothing', () => {
  const id = clientOrderIdOf('a', 'ENTRY', 1);
  const live: EntryFate = {
    answer: { answer: 'EXPIRED', signal_id: 'a', reason: 'it rested in vain' } as Execution,
    trade: undefined,
  };
  const pair = { signal, live, paper: fate(tradeOf({})) };

  test('is explained by the end of its order on the exchange, not by its answer alone', () => {
    expect(causesOf([pair])).toEqual(['UNEXPLAINED']);
    expect(causesOf([pair], [order(id, { status: 'CANCELED' })])).toEqual(['NOT_FILLED']);
    expect(causesOf([pair], [order('another', { status: 'CANCELED' })])).toEqual(['UNEXPLAINED']);
    const fill = { trade_id: '1', quantity: '1' };
    expect(causesOf([pair], [order(id, { status: 'FILLED', fill })])).toEqual(['UNEXPLAINED']);
  });

  test('is explained by the refusal of its order', () => {
    const answers = { refused: [{ ...refusal, clientId: id, triggerPrice: undefined, code: -2019 }], marks: [] };
    expect(causesOf([pair], [], { answers })).toEqual(['NOT_FILLED']);
  });
});

test.each([
  [0, 'DENIED_DIFFERENTLY'],
  [HOUR_MS - 1, 'UNEXPLAINED'],
] as const)('positions that differed before both runs were flat at %s ms make a denial for them %s', (since, cause) => {
  const busy = { signal, live: denied('SYMBOL_BUSY'), paper: fate(tradeOf({})) };
  const later = aSignal({ ...signal, signal_id: 'b', timestamp: HOUR_MS });
  const pairs = [busy, { signal: later, live: denied('MAX_OPEN_POSITIONS'), paper: fate(tradeOf({})) }];
  expect(causesOf(pairs, [held('BTCUSDT', '0.1')], { since })).toEqual(['DENIED_DIFFERENTLY', cause]);
});

describe('the refusal in an answer', () => {
  const url =
    'http://x/fapi/v1/algoOrder?symbol=BTCUSDT&side=SELL&triggerPrice=95.0&clientAlgoId=s&timestamp=1&signature=0';
  const reply = (status: number, body: string) => ({ kind: 'REPLY', status, body, headers: {} }) as const;
  const said = (outcome: HttpOutcome, method: HttpMethod = 'POST') =>
    refusedRequestOf({ method, url, outcome }, ENTERED);

  test('is read from the request and the body', () => {
    expect(said(reply(400, '{"code":-2021,"msg":"Order would immediately trigger."}'))).toEqual(refusal);
  });

  test('is absent if the exchange accepted, did not answer, said no code, or was asked something else', () => {
    expect(said(reply(200, '{"algoId":1}'))).toBeUndefined();
    expect(said({ kind: 'NO_REPLY', cause: 'TIMEOUT', problem: 'late' })).toBeUndefined();
    expect(said(reply(502, '<html>'))).toBeUndefined();
    expect(said(reply(400, '{"code":-2011}'), 'DELETE')).toBeUndefined();
  });
});
