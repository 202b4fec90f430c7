import { Execution } from '@helios/shared/domain/execution.ts';
import type { OrderEvent } from '@helios/shared/domain/venue-event.ts';
import { describe, expect, it } from 'vitest';
import { requestOf } from '../execution/place.ts';
import type { Venue } from '../execution/venue.ts';
import { WorkingOrders } from '../execution/working-orders.ts';
import { PositionBook } from '../portfolio/position-book.ts';
import { book, params, print, quoted, RUN, sessionEnd, signal, T0 } from '../testing/simulated-orders.ts';
import { Answers } from './answers.ts';
import { OrderFlow } from './order-flow.ts';
import { createSimulator, type Simulator } from './paper-trading.ts';

const instrument = { symbol: 'BTCUSDT', tick_size: '0.1', step_size: '1', min_qty: '1', min_notional: '5' };
const exitOf = (reason: 'OPERATOR' | 'STOP_LOSS') =>
  signal('EXIT_LONG', 99, { signal_id: 'first', exit_reason: reason });
const restingEntry = () => signal('LONG', 100.5, { signal_id: 'first', ...quoted(100, 101) });
const restingExit = () =>
  signal('EXIT_LONG', 101, { signal_id: 'first', exit_reason: 'OPERATOR', ...quoted(100, 101) });

/** Actions on a simulator in LIMIT mode, and the expected answers to the signal `first`. */
interface Row {
  readonly name: string;
  readonly answers: readonly Execution['answer'][];
  /** Reason of the last answer. */
  readonly detail: object;
  readonly act: (simulator: Simulator) => Simulator | undefined;
}

const rows: readonly Row[] = [
  {
    name: 'an entry at its own price, without a market',
    answers: ['FILLED'],
    detail: {
      purpose: 'ENTRY',
      side: 'LONG',
      ts_event: T0,
      fill: { price: 100, quantity: 2, fee: 0.04, liquidity: 'MAKER', slippage: 0 },
    },
    act: (s) => void s.onSignal(signal('LONG', 100, { signal_id: 'first' }), T0 + 1),
  },
  {
    name: 'an entry in the place of another',
    answers: ['FILLED'],
    detail: { fill: { price: 90 } },
    act(s) {
      s.onSignal(signal('LONG', 100), T0);
      s.onSignal(signal('LONG', 90, { signal_id: 'first' }), T0);
    },
  },
  {
    name: 'an exit, with the fee of its own leg',
    answers: ['FILLED'],
    detail: { purpose: 'EXIT', side: 'LONG', fill: { price: 99, quantity: 2, fee: 0.0792, liquidity: 'TAKER' } },
    act(s) {
      s.onSignal(signal('LONG', 100), T0);
      s.onSignal(exitOf('STOP_LOSS'), T0);
    },
  },
  {
    name: 'an entry that rests',
    answers: ['OPEN'],
    detail: { ts_event: T0, order: { price: 100, quantity: 2, expires_ts: T0 + 30_000 } },
    act: (s) => void s.onSignal(restingEntry(), T0),
  },
  {
    name: 'a resting entry that a trade goes through',
    answers: ['OPEN', 'FILLED'],
    detail: { ts_event: T0 + 5, fill: { price: 100, quantity: 2, fee: 0.04, liquidity: 'MAKER' } },
    act(s) {
      s.onSignal(restingEntry(), T0);
      s.onMarket(print('99', T0 + 5), T0 + 6);
    },
  },
  {
    name: 'an entry of a size that is not allowed',
    answers: ['DENIED'],
    detail: { denial: { code: 'QUANTITY_BELOW_MINIMUM', value: 2, limit: 7 }, ts_event: T0 },
    act(s) {
      s.onInstrument({ ...instrument, min_qty: '7' });
      s.onSignal(restingEntry(), T0);
    },
  },
  {
    name: 'an entry that waited for too long',
    answers: ['EXPIRED'],
    detail: { reason: 'too old: read 60 s after it was made', ts_event: T0 + 60_001 },
    act: (s) => void s.onSignal(restingEntry(), T0 + 60_001),
  },
  {
    name: 'an entry made by hand without a fresh book',
    answers: ['DENIED'],
    detail: { denial: { code: 'NO_FRESH_BOOK', value: 0, limit: 1 } },
    act(s) {
      s.onMarket(book('100', '101', T0 - 60_001), T0);
      s.onSignal(signal('LONG', 100, { signal_id: 'first' }), T0);
    },
  },
  {
    name: 'a resting entry whose time is over',
    answers: ['OPEN', 'EXPIRED'],
    detail: { reason: 'not filled within 30 s', ts_event: T0 + 30_000 },
    act(s) {
      s.onSignal(restingEntry(), T0);
      s.onTimer(T0 + 30_000);
    },
  },
  {
    name: 'a resting entry and a later one',
    answers: ['OPEN', 'CANCELLED'],
    detail: { reason: 'superseded by a later signal' },
    act(s) {
      s.onSignal(restingEntry(), T0);
      s.onSignal(signal('LONG', 99.5, quoted(99, 100)), T0 + 1);
    },
  },
  {
    name: 'a resting entry and an exit',
    answers: ['OPEN', 'CANCELLED'],
    detail: { reason: 'cancelled by an exit' },
    act(s) {
      s.onSignal(restingEntry(), T0);
      s.onSignal(signal('EXIT_LONG', 99, { exit_reason: 'OPERATOR' }), T0 + 1);
    },
  },
  {
    name: 'a resting entry at the end of the session',
    answers: ['OPEN', 'CANCELLED'],
    detail: { reason: 'the session ended' },
    act(s) {
      s.onSignal(restingEntry(), T0);
      s.onMarket(sessionEnd(T0 + 1), T0 + 1);
    },
  },
  {
    name: 'a resting exit whose position is replaced',
    answers: ['OPEN', 'CANCELLED'],
    detail: { reason: 'its position was replaced', purpose: 'EXIT' },
    act(s) {
      s.onSignal(signal('LONG', 100), T0);
      s.onSignal(restingExit(), T0);
      s.onSignal(signal('LONG', 90), T0);
    },
  },
  {
    name: 'a resting exit whose time is over, and which then takes',
    answers: ['OPEN', 'FILLED'],
    detail: { ts_event: T0 + 30_000, fill: { price: 98, liquidity: 'TAKER' } },
    act(s) {
      s.onSignal(signal('LONG', 100), T0);
      s.onSignal(restingExit(), T0);
      s.onMarket(book('98', '99', T0 + 29_000), T0 + 29_000);
      s.onTimer(T0 + 30_000);
    },
  },
  {
    name: 'an exit without a position',
    answers: ['DENIED'],
    detail: { denial: { code: 'NO_POSITION', value: 0, limit: 1 }, purpose: 'EXIT' },
    act: (s) => void s.onSignal(exitOf('OPERATOR'), T0),
  },
  {
    name: 'a resting exit that fills when its position is gone',
    answers: ['CANCELLED'],
    detail: { reason: 'no position was left to close' },
    act(s) {
      s.onSignal(signal('LONG', 100), T0);
      s.onSignal(restingExit(), T0);
      const later = createSimulator(params('HF_LIMIT', 2), RUN, { positions: [], resting: s.restingOf('BTCUSDT') });
      later.onMarket(print('102', T0 + 1, '0.5', false), T0 + 1);
      return later;
    },
  },
];

describe('the answers to a signal', () => {
  it.each(rows)('$name: $answers', ({ answers, detail, act }) => {
    const simulator = createSimulator(params('HF_LIMIT', 2), RUN);
    const made = (act(simulator) ?? simulator).takeExecutions().filter(({ signal_id }) => signal_id === 'first');
    expect(made.map((execution) => Execution.parse(execution).answer)).toEqual(answers);
    expect(made.at(-1)).toMatchObject({ ...detail, run: RUN, symbol: 'BTCUSDT' });
    expect(made.map(({ execution_id }) => execution_id)).toEqual(
      answers.map((answer) => (answer === 'OPEN' ? 'first#OPEN' : 'first#END')),
    );
  });

  it('are taken once', () => {
    const simulator = createSimulator(params('HF_LIMIT', 2), RUN);
    simulator.onSignal(restingEntry(), T0);
    expect(simulator.takeExecutions()).toHaveLength(1);
    expect(simulator.takeExecutions()).toEqual([]);
  });
});

/** The answers to an entry after the venue reported these events, in any order. */
function answersTo(reports: (id: string) => readonly OrderEvent[]): readonly Execution[] {
  const answers = new Answers();
  const venue: Venue = { submit: ({ clientOrderId }) => reports(clientOrderId), cancel: () => [] };
  const flow = new OrderFlow(venue, new WorkingOrders(), new PositionBook(RUN), answers);
  const entry = signal('LONG', 100, { signal_id: 'first' });
  const plan = { kind: 'REST', price: 100 } as const;
  const terms = { run: RUN, plan, quantity: 2, placedTs: T0, expiresTs: T0 + 1_000, attempt: 1, isMarketKnown: true };
  flow.submit(requestOf(entry, terms), entry, { expiresTs: T0 + 1_000 });
  return answers.take();
}

describe('the answers to an order at a venue', () => {
  const of = (client_order_id: string) => ({ client_order_id, ts_event: T0 + 7 });
  const part = (id: string, trade_id: string) =>
    ({
      kind: 'FILL',
      ...of(id),
      trade_id,
      price: 100,
      quantity: 1,
      fee: 0.02,
      liquidity: 'MAKER',
      slippage: 0,
    }) as const;

  it('that rejects it are REJECTED, with code and text', () => {
    const [made, ...others] = answersTo((id) => [
      { kind: 'REJECTED', ...of(id), code: '-2019', message: 'Margin is insufficient.' },
    ]);
    expect(others).toEqual([]);
    expect(made).toMatchObject({
      execution_id: 'first#END',
      answer: 'REJECTED',
      reason: '-2019: Margin is insufficient.',
      ts_event: T0 + 7,
    });
  });

  it('that fills it in two parts: each part is an answer, and the last one is FILLED', () => {
    const made = answersTo((id) => [{ kind: 'ACCEPTED', ...of(id) }, part(id, 't1'), part(id, 't1'), part(id, 't2')]);
    expect(made.map(({ execution_id, answer }) => `${execution_id} ${answer}`)).toEqual([
      'first#OPEN OPEN',
      'first#t1 PARTIALLY_FILLED',
      'first#END FILLED',
    ]);
  });

  it('that ends it half filled are the part, then the end, even if the report on the part comes last', () => {
    const made = answersTo((id) => [{ kind: 'EXPIRED', ...of(id), filled_quantity: 1 }, part(id, 't1')]);
    expect(made.map(({ execution_id, answer }) => `${execution_id} ${answer}`)).toEqual([
      'first#t1 PARTIALLY_FILLED',
      'first#END EXPIRED',
    ]);
  });
});
