import type { Execution } from '@helios/shared/domain/execution.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aFill, aFlow, answersTo } from '../testing/live-answers.ts';
import { quoted, RUN, signal, T0 } from '../testing/simulated-orders.ts';
import type { JournalChange, JournalState } from './journal-change.ts';
import { JournaledTrading } from './journaled-trading.ts';
import { isFlowOf } from './live-lot.ts';
import type { OpenSignal } from './open-signal.ts';

const NEW: JournalState = { signals: [], lots: [] };
const journal = (flows: ReturnType<typeof aFlow>[] = []) =>
  new JournaledTrading(RUN, NEW, (lot) => flows.filter((flow) => isFlowOf(lot, flow)));

const entry = signal('LONG', 100, { signal_id: 'e', stop_loss: 95, ...quoted(99, 101) });
const exit = signal('EXIT_LONG', 105, { signal_id: 'x', exit_reason: 'TAKE_PROFIT', ...quoted(105, 106) });
const toEntry = answersTo(entry);
const toExit = answersTo(exit);
const outcomes = ({ effects }: JournalChange) =>
  effects.map(({ decision, isNew }) => `${decision.decision_id} ${decision.outcome}${isNew ? '' : ' again'}`);

/** A ledger that stores what the journal says, as text. */
function stored(changes: readonly JournalChange[]): JournalState {
  const signals = new Map<string, OpenSignal>();
  const lots = new Map<string, JournalState['lots'][number]>();
  for (const change of changes) {
    for (const open of change.signals) signals.set(open.signal_id, open);
    for (const id of change.ended) signals.delete(id);
    for (const lot of change.lots) lots.set(lot.position_id, lot);
  }
  const state = { signals: [...signals.values()], lots: [...lots.values()].filter((lot) => !lot.is_closed) };
  return JSON.parse(JSON.stringify(state));
}

describe('a round trip', () => {
  const filled = toEntry.filled(aFill('1', 101.2, 0.3, 0.012144), T0 + 100);
  const closed = toExit.filled(aFill('2', 104.9, 0.3, 0.012588), T0 + 60_000);

  it('has the decisions, the position and the trade of its fills, with times and decision prices of both legs', () => {
    const books = journal([aFlow('FUNDING_FEE', '-0.0031', { ts_event: T0 + 30_000 })]);
    expect(outcomes(books.onSignal(entry))).toEqual([]);
    const opened = books.onExecution(filled);
    expect(opened.effects).toMatchObject([
      { isNew: true, decision: { outcome: 'OPENED', fill_price: 101.2, position_size: 0.3, slippage: 0.06 } },
    ]);
    expect(books.positions()).toMatchObject([
      { signal_id: 'e', quantity: 0.3, entry_price: 101.2, stop_loss: 95, funding: 0.0031, simulated: false },
    ]);
    books.onSignal(exit);
    const [effect] = books.onExecution(closed).effects;
    expect(effect).toMatchObject({ isNew: true, decision: { outcome: 'CLOSED', realized_pnl: 1.082168 } });
    expect(effect?.trade).toMatchObject({
      gross_pnl: 1.11,
      fees: 0.024732,
      funding: 0.0031,
      realized_pnl: 1.082168,
      simulated: false,
      entry_leg: { decision_price: 101, decided_ts: T0, sent_ts: T0 + 2, acknowledged_ts: T0 + 5, venue_ts: T0 + 100 },
      exit_leg: { decision_price: 105, filled_ts: T0 + 60_007, venue_ts: T0 + 60_000 },
    });
    expect(books.positions()).toEqual([]);
  });

  it('counts the exit that execution-manager made itself, such as a filled stop', () => {
    const books = journal();
    books.onSignal(entry);
    books.onExecution(filled);
    const stop = signal('EXIT_LONG', 95, { signal_id: 'stop', exit_reason: 'STOP_LOSS' });
    const own = { ...answersTo(stop).filled(aFill('9', 94.8, 0.3, 0.01)), signal: stop };
    const [effect] = books.onExecution(own).effects;
    expect(effect?.trade).toMatchObject({ exit_reason: 'STOP_LOSS', gross_pnl: -1.92, slippage: 0.12 });
  });
});

describe('other ends', () => {
  it('a denied entry is DENIED, an exit without a position ORPHAN_EXIT, an order without a fill MISSED', () => {
    const books = journal();
    books.onSignal(entry);
    books.onSignal(exit);
    expect(outcomes(books.onExecution(toEntry.denied('MAX_OPEN_POSITIONS')))).toEqual(['e DENIED']);
    expect(outcomes(books.onExecution(toExit.denied('NO_POSITION')))).toEqual(['x ORPHAN_EXIT']);
    const late = signal('SHORT', 100, { signal_id: 'm' });
    books.onSignal(late);
    expect(outcomes(books.onExecution(answersTo(late).open(100, 1)))).toEqual(['m RESTING']);
    expect(outcomes(books.onExecution(answersTo(late).cancelled()))).toEqual(['m MISSED again']);
  });

  it('a reduction and the last exit make one trade, with the last exit', () => {
    const books = journal();
    books.onSignal(entry);
    books.onExecution(toEntry.filled(aFill('1', 100, 3, 0)));
    const reduce = signal('EXIT_LONG', 90, { signal_id: 'r', exit_reason: 'MARGIN_CRITICAL' });
    books.onSignal(reduce);
    expect(outcomes(books.onExecution(answersTo(reduce).filled(aFill('2', 90, 1, 0))))).toEqual(['r CLOSED']);
    expect(books.positions()).toMatchObject([{ quantity: 2 }]);
    books.onSignal(exit);
    const [effect] = books.onExecution(toExit.filled(aFill('3', 110, 2, 0))).effects;
    expect(effect?.trade).toMatchObject({ quantity: 3, gross_pnl: 10, exit_signal_id: 'x' });
  });

  it('a fill after the final answer counts for the open position; one that no position explains is returned', () => {
    const books = journal();
    books.onSignal(entry);
    books.onExecution(toEntry.filled(aFill('1', 100, 1, 0)));
    books.onExecution(toEntry.part(aFill('2', 100, 1, 0)), { recorded: entry });
    expect(books.positions()).toMatchObject([{ quantity: 2 }]);
    const lost = toExit.part(aFill('7', 100, 1, 0));
    expect(journal().onExecution(lost, { recorded: exit }).unmatched).toEqual([lost]);
  });

  it('an entry fill after its position was closed opens another position, and a trade of its own', () => {
    const books = journal();
    for (const one of [entry, exit]) books.onSignal(one);
    books.onExecution(toEntry.part(aFill('1', 100, 1, 0)));
    books.onExecution(toEntry.cancelled('cancelled by an exit'));
    books.onExecution(toExit.filled(aFill('2', 101, 1, 0)));
    books.onExecution(toEntry.part(aFill('3', 100, 2, 0)), { recorded: entry });
    expect(books.positions()).toMatchObject([{ quantity: 2, signal_id: 'e' }]);
    const own = signal('EXIT_LONG', 99, { signal_id: 'own', exit_reason: 'OPERATOR' });
    const [effect] = books.onExecution({ ...answersTo(own).filled(aFill('4', 99, 2, 0)), signal: own }).effects;
    expect(effect?.trade).toMatchObject({ exit_signal_id: 'own', quantity: 2, gross_pnl: -2 });
  });

  it('a fill that is answered again by another id after a restart counts once', () => {
    const books = journal();
    books.onSignal(entry);
    books.onExecution(toEntry.part(aFill('1', 100, 1, 0)));
    const again = books.onExecution(toEntry.filled(aFill('1', 100, 1, 0)));
    expect(again.effects).toMatchObject([{ decision: { outcome: 'OPENED', position_size: 1 } }]);
    expect(books.positions()).toMatchObject([{ quantity: 1 }]);
    const booked = { recorded: entry, isFillBooked: true };
    expect(journal().onExecution(toEntry.part(aFill('1', 100, 1, 0)), booked).lots).toEqual([]);
  });

  it.each([
    ['after', true],
    ['before', false],
  ] as const)('a made-up fill of an adoption %s the true one counts once', (_when, isTrueFirst) => {
    const books = journal();
    const adopted = signal('LONG', 100, { signal_id: 'BTCUSDT-LONG-1-adopted' });
    const truth = toEntry.filled(aFill('1', 100, 2, 0.1));
    const madeUp = { ...answersTo(adopted).filled(aFill(adopted.signal_id, 100, 2, 0)), signal: adopted };
    for (const one of [entry, exit]) books.onSignal(one);
    for (const answer of isTrueFirst ? [truth, madeUp] : [madeUp, truth]) books.onExecution(answer);
    expect(books.positions()).toMatchObject([{ quantity: 2, entry_fee: 0.1 }]);
    const [effect] = books.onExecution(toExit.filled(aFill('2', 101, 2, 0))).effects;
    expect(effect?.trade).toMatchObject({ quantity: 2, gross_pnl: 2, fees: 0.1 });
  });

  it('an adoption with the true fills is booked once beside the entry that has them', () => {
    const books = journal();
    const adopted = signal('LONG', 100, { signal_id: 'BTCUSDT-LONG-1-adopted' });
    books.onSignal(entry);
    books.onExecution(toEntry.filled(aFill('1', 100, 2, 0.1)));
    books.onExecution({ ...answersTo(adopted).filled(aFill('1', 100, 2, 0.1)), signal: adopted });
    expect(books.positions()).toMatchObject([{ quantity: 2, entry_fee: 0.1 }]);
  });

  it('an exit that was booked by mistake is taken back by an adoption at its price', () => {
    const books = journal();
    const adopted = signal('LONG', 100, { signal_id: 'BTCUSDT-LONG-2-adopted' });
    for (const one of [entry, exit]) books.onSignal(one);
    books.onExecution(toEntry.filled(aFill('1', 100, 2, 0.1)));
    books.onExecution(toExit.part(aFill('2', 103, 1, 0.2)));
    books.onExecution({ ...answersTo(adopted).filled(aFill('2', 103, 1, -0.2)), signal: adopted });
    expect(books.positions()).toMatchObject([{ quantity: 2 }]);
    const [effect] = books.onExecution(toExit.filled(aFill('3', 101, 2, 0))).effects;
    expect(effect?.trade).toMatchObject({ gross_pnl: 2, fees: 0.1 });
  });

  it('a late fill of an exit that closes the next position makes a trade of its own', () => {
    const books = journal();
    const second = signal('LONG', 100, { signal_id: 'e2' });
    for (const one of [entry, exit, second]) books.onSignal(one);
    books.onExecution(toEntry.filled(aFill('1', 100, 1, 0)));
    books.onExecution(toExit.part(aFill('2', 101, 1, 0)));
    books.onExecution(answersTo(second).filled(aFill('3', 100, 1, 0)));
    const [effect] = books.onExecution(toExit.filled(aFill('4', 99, 1, 0))).effects;
    expect(effect).toMatchObject({
      isNew: true,
      trade: { exit_signal_id: 'x+4', entry_signal_id: 'e2', gross_pnl: -1 },
    });
  });

  it('answers without their signal are booked after a while', () => {
    const books = journal();
    expect(outcomes(books.onExecution(toEntry.filled(aFill('1', 100, 1, 0))))).toEqual([]);
    expect(books.onLostSignal(T0 - 1)).toBeUndefined();
    expect(outcomes(books.onLostSignal(T0 + 1_000) ?? expect.fail())).toEqual(['e OPENED']);
    expect(books.positions()).toMatchObject([{ quantity: 1 }]);
  });
});

describe('for any order of the messages of one round trip, with restarts', () => {
  const messages: (TradingSignal | Execution)[] = [
    entry,
    exit,
    toEntry.open(100, 3),
    toEntry.part(aFill('1', 100.1, 1, 0.1), T0 + 1),
    toEntry.part(aFill('2', 100.2, 1, 0.2), T0 + 2),
    toEntry.cancelled('superseded', T0 + 3),
    toExit.part(aFill('3', 101.3, 0.5, 0.3), T0 + 4),
    toExit.filled(aFill('4', 101.4, 1.5, 0.4), T0 + 5),
  ];
  const isInOrder = (order: typeof messages) => {
    // One process sends the answers to a signal in order.
    const place = (of: (typeof messages)[number]) => order.indexOf(of);
    const [, , open, a, b, end, c, d] = messages as [never, never, ...Execution[]];
    const chain = (...those: (Execution | undefined)[]) =>
      those.every((one, i) => i === 0 || (one && place(one) > place(those[i - 1] as Execution)));
    // The caller finds the entry's signal before it passes an answer.
    return chain(open, a, b, end) && chain(c, d) && place(entry) < place(c as Execution);
  };

  it('there is one trade with the same money, and one decision per signal', () => {
    const order = fc.shuffledSubarray(messages, { minLength: messages.length }).filter(isInOrder);
    fc.assert(
      fc.property(order, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (sent, restarts) => {
        const changes: JournalChange[] = [];
        let books = journal();
        sent.forEach((message, i) => {
          if (restarts[i]) books = new JournaledTrading(RUN, stored(changes), () => []);
          changes.push('direction' in message ? books.onSignal(message) : books.onExecution(message));
        });
        const effects = changes.flatMap((change) => change.effects);
        const trades = effects.flatMap(({ trade }) => trade ?? []);
        expect(trades).toMatchObject([{ quantity: 2, gross_pnl: 2.45, fees: 1, realized_pnl: 1.45 }]);
        const made = effects.filter(({ isNew }) => isNew).map(({ decision }) => decision.decision_id);
        expect(made.sort()).toEqual(['e', 'x']);
        expect(effects.findLast(({ decision }) => decision.decision_id === 'x')?.decision.outcome).toBe('CLOSED');
        expect(stored(changes)).toEqual({ signals: [], lots: [] });
      }),
      { numRuns: 500 },
    );
  });
});
