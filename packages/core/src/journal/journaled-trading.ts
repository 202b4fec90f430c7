import type { Execution } from '@helios/shared/domain/execution.ts';
import { isFinal } from '@helios/shared/domain/execution.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import { isExit, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { decisionOf } from '../portfolio/decision-of.ts';
import { closedFigures, filledOrderOf } from '../portfolio/filled-order.ts';
import { effectOf } from '../trading/order-flow.ts';
import { finalDecisionOf, ordersOf } from './final-decision.ts';
import { type ChangeInWork, type JournalChange, type JournalState, noChange } from './journal-change.ts';
import { type FlowsOf, type LiveLot, livePositionOf, liveTradeOf, lotQuantity } from './live-lot.ts';
import { lostSignalOf } from './lost-signal.ts';
import { type LegFill, LotBook } from './lot-book.ts';
import { legAfter, liveFillOf, type OpenSignal, unknownSignal } from './open-signal.ts';

/** What the ledger knows of an answer. */
interface KnownOfAnswer {
  /** The signal, if it has its final answer already. */
  readonly recorded?: TradingSignal | undefined;
  /** True if the fill is part of a closed position. */
  readonly isFillBooked?: boolean;
}

/**
 * Live trading as its record: signals, approved entries and answers in, decisions and trades out. execution-manager decided and
 * traded; this only keeps the books. The messages come from several streams, so an answer may arrive before its signal. The caller
 * passes each message once.
 */
export class JournaledTrading {
  readonly #lots: LotBook;
  readonly #signals: Map<string, OpenSignal>;
  readonly #flowsOf: FlowsOf;
  #change: ChangeInWork = noChange();
  #isFillBooked = false;

  constructor(run: string, { signals, lots }: JournalState, flowsOf: FlowsOf) {
    this.#lots = new LotBook(run, lots);
    this.#signals = new Map(signals.map((open) => [open.signal_id, open]));
    this.#flowsOf = flowsOf;
  }

  /** Takes a signal, and the answers that waited for it. */
  onSignal(signal: TradingSignal): JournalChange {
    const known = this.#signals.get(signal.signal_id) ?? unknownSignal(signal.signal_id);
    if (known.signal === undefined) this.#release(known, signal);
    return this.#taken();
  }

  /** True if the signal has no final answer yet. */
  isOpen(signalId: string): boolean {
    return this.#signals.has(signalId);
  }

  /** Takes the risk rules and the leverage of an approved entry, and its signal, if that has not arrived yet. */
  onIntent({ intent, rules, signal }: AssessedEntry): JournalChange {
    const known = this.#signals.get(intent.signal_id) ?? unknownSignal(intent.signal_id);
    const approved = { ...known, rules, ...(intent.leverage !== undefined && { leverage: intent.leverage }) };
    if (known.signal === undefined) this.#release(approved, signal);
    else this.#keep(approved);
    return this.#taken();
  }

  /** Takes an answer. After a restart execution-manager may answer the same fill by another id. */
  onExecution(execution: Execution, { recorded, isFillBooked = false }: KnownOfAnswer = {}): JournalChange {
    this.#isFillBooked = isFillBooked;
    const known = this.#signals.get(execution.signal_id) ?? unknownSignal(execution.signal_id);
    const signal = known.signal ?? execution.signal;
    if (recorded !== undefined) this.#late(execution, recorded);
    else if (known.signal !== undefined) this.#apply(known, known.signal, execution);
    else if (signal !== undefined) this.#release({ ...known, waiting: [...known.waiting, execution] }, signal);
    else this.#keep({ ...known, waiting: [...known.waiting, execution] });
    return this.#taken();
  }

  /** Books the answers to one signal that never arrived, if they are older than `oldestTs`: their fills are real. Undefined if there is none. */
  onLostSignal(oldestTs: number): JournalChange | undefined {
    const lost = [...this.#signals.values()].find(({ waiting: [first] }) => first && first.ts_init <= oldestTs);
    if (lost === undefined) return undefined;
    const signal = lostSignalOf(lost.waiting);
    if (signal) this.#release(lost, signal);
    else this.#end(lost.signal_id);
    return this.#taken();
  }

  /** Times at which the signals without any answer were made, epoch ms. */
  unanswered(): readonly number[] {
    return [...this.#signals.values()].flatMap(({ signal, is_on_record, fills }) =>
      signal === undefined || is_on_record || fills.length > 0 ? [] : [signal.ts_init],
    );
  }

  /** All open positions. */
  positions(): OpenPosition[] {
    return this.#lots.all().flatMap((lot) => livePositionOf(lot, this.#flowsOf(lot)) ?? []);
  }

  positionsOf(symbol: string): OpenPosition[] {
    return this.positions().filter((position) => position.symbol === symbol);
  }

  #release(open: OpenSignal, signal: TradingSignal): void {
    this.#keep({ ...open, signal, waiting: [] });
    for (const execution of open.waiting) {
      const now = this.#signals.get(open.signal_id);
      if (now) this.#apply(now, signal, execution);
      else this.#late(execution, signal);
    }
  }

  #apply(open: OpenSignal, signal: TradingSignal, execution: Execution): void {
    this.#change.signal = signal;
    const filled = this.#filled(open, signal, execution);
    const shown = this.#resting(filled, signal, execution);
    if (isFinal(execution.answer)) this.#finish(shown, signal, execution);
    else this.#keep(shown);
  }

  #filled(open: OpenSignal, signal: TradingSignal, execution: Execution): OpenSignal {
    const fill = liveFillOf(execution, signal);
    if (fill === undefined || this.#isFillBooked || isKnownFill(open, fill)) return open;
    const leg = legAfter(open.leg, execution, signal);
    const next = { ...open, fills: [...open.fills, fill], leg };
    if (isExit(signal.direction)) return this.#left(next, { signal, fill, leg }, execution);
    const lot = this.#lots.opened(signal, sideOf(signal.direction), fill.ts_event, open.leverage);
    return this.#put(this.#lots.entered(lot, { signal, fill, leg }), next);
  }

  #left(open: OpenSignal, made: LegFill, execution: Execution): OpenSignal {
    const { symbol, side } = execution;
    const lot = this.#lots.find(symbol, side) ?? this.#expectedLot(symbol, execution);
    if (lot === undefined) {
      this.#change.unmatched.push(execution);
      return open;
    }
    // One exit may close a second position by a late fill; each trade has its own exit id.
    const signal = open.is_answered ? again(made.signal, made.fill) : made.signal;
    const left = this.#put(this.#lots.left(lot, { ...made, signal }), open);
    const trade = this.#closed(this.#lots.find(symbol, side));
    if (trade === undefined) return left;
    const figures = { ...closedFigures(trade, filledOrderOf(ordersOf(left.fills))), leg: made.leg };
    const isNew = open.is_answered || !open.is_on_record;
    this.#change.effects.push(effectOf(decisionOf(signal, 'CLOSED', figures), isNew, trade));
    return { ...left, is_on_record: true, is_answered: true };
  }

  /** The position of an entry that has no fills yet: the venue may report an exit first. */
  #expectedLot(symbol: string, { side, ts_event }: Execution): LiveLot | undefined {
    for (const open of this.#signals.values()) {
      const { signal, leverage } = open;
      if (signal?.symbol !== symbol || isExit(signal.direction) || sideOf(signal.direction) !== side) continue;
      const lot = this.#lots.opened(signal, side, ts_event, leverage);
      this.#keep({ ...open, position_id: lot.position_id });
      return lot;
    }
    return undefined;
  }

  #put(lot: LiveLot, open: OpenSignal): OpenSignal {
    this.#change.lots.push(lot);
    return { ...open, position_id: lot.position_id };
  }

  #resting(open: OpenSignal, signal: TradingSignal, execution: Execution): OpenSignal {
    if (execution.answer !== 'OPEN' || open.is_on_record) return open;
    const figures = { position_size: execution.order.quantity, ...(open.rules && { rules: [...open.rules] }) };
    this.#change.effects.push(effectOf(decisionOf(signal, 'RESTING', figures), true));
    return { ...open, is_on_record: true };
  }

  #finish(open: OpenSignal, signal: TradingSignal, execution: Execution): void {
    if (!open.is_answered) {
      const isOrphan = open.position_id === undefined;
      const decision = finalDecisionOf({ open, signal, execution, isOrphan });
      this.#change.effects.push(effectOf(decision, !open.is_on_record));
    }
    this.#end(open.signal_id);
    if (isExit(signal.direction)) return;
    const lot = this.#lots.find(signal.symbol, sideOf(signal.direction));
    const trade = this.#closed(lot);
    if (trade === undefined || lot?.exit === undefined) return;
    // Its exit was filled and recorded before the entry was over.
    const closed = decisionOf(lot.exit, 'CLOSED', { ...closedFigures(trade, undefined), leg: lot.exit_leg });
    this.#change.effects.push(effectOf(closed, false, trade));
  }

  /** Closes a flat position whose entries are over; returns its trade. */
  #closed(lot: LiveLot | undefined) {
    if (lot === undefined || lotQuantity(lot) !== 0 || this.#isEntering(lot)) return undefined;
    const trade = liveTradeOf(lot, this.#flowsOf(lot));
    if (trade === undefined) return undefined;
    const closed = { ...lot, is_closed: true };
    this.#lots.put(closed);
    this.#change.lots.push(closed);
    return trade;
  }

  #isEntering({ position_id }: LiveLot): boolean {
    return [...this.#signals.values()].some(
      (open) => open.position_id === position_id && open.signal !== undefined && !isExit(open.signal.direction),
    );
  }

  /** A fill after the final answer: it still counts for the open position. */
  #late(execution: Execution, signal: TradingSignal): void {
    const fill = liveFillOf(execution, signal);
    if (fill === undefined || this.#isFillBooked) return;
    // A position that was closed before is recorded: what a late entry fill opens is another one.
    if (!isExit(signal.direction) && this.#lots.find(signal.symbol, sideOf(signal.direction)) === undefined)
      this.#lots.open(signal, fill);
    const open = { ...unknownSignal(execution.signal_id), signal, is_on_record: true, is_answered: true };
    this.#keep(open);
    const filled = this.#filled(open, signal, execution);
    this.#end(filled.signal_id);
  }

  #keep(open: OpenSignal): void {
    this.#signals.set(open.signal_id, open);
    this.#change.signals.push(open);
  }

  #end(signalId: string): void {
    this.#signals.delete(signalId);
    this.#change.ended.push(signalId);
  }

  #taken(): JournalChange {
    const change = this.#change;
    this.#change = noChange();
    return change;
  }
}

const isKnownFill = ({ fills }: OpenSignal, { trade_id }: Fill) => fills.some((known) => known.trade_id === trade_id);

function again(signal: TradingSignal, { trade_id }: Fill): TradingSignal {
  return { ...signal, signal_id: `${signal.signal_id.slice(0, 90)}+${trade_id.slice(0, 29)}` };
}
