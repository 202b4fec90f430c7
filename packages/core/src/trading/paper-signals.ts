import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { isExit, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { WorkingOrders } from '../execution/working-orders.ts';
import type { PaperVenue } from '../paper/paper-venue.ts';
import { decisionOf } from '../portfolio/decision-of.ts';
import { type EntryRefusal, isHandMade, onMarketOfNow, withStopsOnTick } from '../portfolio/hand-made-signal.ts';
import { judgeEntry } from '../portfolio/judge-entry.ts';
import type { PositionBook } from '../portfolio/position-book.ts';
import type { AccountWatch } from './account-watch.ts';
import type { Answers } from './answers.ts';
import { cancelled, effectOf, type OrderFlow } from './order-flow.ts';
import type { OrderPlacer } from './order-placer.ts';
import type { SimulatorEffect, SimulatorParams } from './simulator-port.ts';

/** The parts of paper trading that a signal passes. */
interface SignalParts {
  readonly simulation: SimulatorParams['simulation'];
  readonly venue: PaperVenue;
  readonly orders: WorkingOrders;
  readonly positions: PositionBook;
  readonly answers: Answers;
  readonly flow: OrderFlow;
  readonly placer: OrderPlacer;
  /** Undefined if the size is fixed. */
  readonly account: AccountWatch | undefined;
  readonly instrumentOf: (symbol: string) => Instrument | undefined;
}

/**
 * The path of a signal: assess (`judgeEntry`) → place (`OrderPlacer`) → the paper venue → apply (`OrderFlow`) → a recorded
 * decision.
 */
export class PaperSignals {
  readonly #parts: SignalParts;

  constructor(parts: SignalParts) {
    this.#parts = parts;
  }

  /** Enters, or closes the position; the clock is read, and funding is charged. */
  take(received: TradingSignal, nowMs: number): readonly SimulatorEffect[] {
    const { market } = this.#parts.venue;
    const { symbol } = received;
    const known = { fresh: market.freshQuote(symbol, nowMs), isKnown: market.lastBook(symbol) !== undefined };
    const signal = isHandMade(received) ? onMarketOfNow(received, known, nowMs) : received;
    return isExit(signal.direction) ? this.#onExit(signal, nowMs) : this.#onEntry(signal, nowMs);
  }

  #onEntry(made: TradingSignal, nowMs: number): SimulatorEffect[] {
    const { simulation, venue, positions, flow, placer, account, instrumentOf } = this.#parts;
    const { symbol } = made;
    const instrument = instrumentOf(symbol);
    const signal = withStopsOnTick(made, instrument);
    const side = sideOf(signal.direction);
    const plan = placer.planOf(signal);
    const judgement = judgeEntry(signal, {
      ...{ plan, instrument, simulation, nowMs },
      position: positions.find(symbol, side),
      marketIsKnown: venue.market.lastBook(symbol) !== undefined,
      assess: account && ((entry, plan) => account.assess(entry, plan, nowMs)),
    });
    if (judgement.kind === 'SIZED') {
      const superseded = flow.withdraw(symbol, side, 'ENTRY', cancelled('superseded by a later signal'), nowMs);
      return [...superseded, ...placer.place(signal, plan, judgement.quantity, { rules: judgement.rules })];
    }
    return [this.#refused(signal, judgement.refusal, nowMs)];
  }

  #onExit(signal: TradingSignal, nowMs: number): SimulatorEffect[] {
    const { orders, positions, answers, flow, placer } = this.#parts;
    const { symbol } = signal;
    const side = sideOf(signal.direction);
    const position = positions.find(symbol, side);
    const withdrawn = flow.withdraw(symbol, side, 'ENTRY', cancelled('cancelled by an exit'), nowMs);
    if (position === undefined) {
      answers.denied(signal, { code: 'NO_POSITION', value: 0, limit: 1 }, nowMs);
      return [...withdrawn, effectOf(decisionOf(signal, 'ORPHAN_EXIT'), true)];
    }
    // An exit that replaces a resting one inherits its deadline.
    const deadline = orders.find(symbol, side, 'EXIT')?.order.expires_ts;
    const superseded = flow.withdraw(symbol, side, 'EXIT', cancelled('superseded by a later signal'), nowMs);
    const plan = placer.planOf(signal, position);
    const placed = placer.place(signal, plan, position.quantity, { exit: { position, deadline } });
    return [...withdrawn, ...superseded, ...placed];
  }

  #refused(signal: TradingSignal, { outcome, denial, rules, remark }: EntryRefusal, nowMs: number): SimulatorEffect {
    const { answers } = this.#parts;
    if (denial) answers.denied(signal, denial, nowMs);
    else answers.expired(signal, remark, nowMs);
    const figures = outcome === 'DENIED' ? { denial, ...(rules && { rules: [...rules] }) } : {};
    return effectOf(decisionOf(signal, outcome, figures, remark), true);
  }
}
