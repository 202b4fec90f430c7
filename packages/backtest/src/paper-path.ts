import { createStrategyEngine, type StrategyEngine } from '@helios/core/strategy/engine.ts';
import { type EngineOutput, withSeq } from '@helios/core/strategy/engine-output.ts';
import { answeredUpdate } from '@helios/core/trading/answered-update.ts';
import { createSimulator, type Simulator, type SimulatorEffect } from '@helios/core/trading/paper-trading.ts';
import { profileOf } from '@helios/core/trading/profile.ts';
import { simulatorParams } from '@helios/core/trading/simulator-port.ts';
import type { Decision, RefusalReport } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { profileNameOf } from '@helios/shared/domain/profile-name.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import { createFrameClock } from '@helios/shared/runtime/clock.ts';
import { dueChanges, type OperatorPlan, type PlannedState } from './operator-plan.ts';

/** The results of strategy and paper account, in order. */
export interface PathResult {
  readonly signals: readonly TradingSignal[];
  /** Refused triggers in order, with what they would have earned if the shadow position ended. */
  readonly refusals: readonly Decision[];
  /** The newest state of each signal's decision, in order of the signals. */
  readonly decisions: readonly Decision[];
  /** Every answer to a signal, in order. */
  readonly executions: readonly Execution[];
  readonly trades: readonly ClosedTrade[];
  readonly events: number;
}

export interface PathOptions {
  readonly settings: Settings;
  readonly run: string;
  readonly instruments: readonly Instrument[];
  /** No entry before this market time, epoch ms; the events before it warm the indicators. */
  readonly fromTs?: number | undefined;
  /** Sees every market event in order. */
  readonly observe?: ((event: MarketEvent) => void) | undefined;
  /** Presses buttons meanwhile. */
  readonly operator?: OperatorPlan | undefined;
}

/** Strategy and paper account, connected directly: market events in, decisions and trades out. */
export class PaperPath {
  readonly #clock = createFrameClock();
  readonly #engine: StrategyEngine;
  readonly #simulator: Simulator;
  readonly #signals: TradingSignal[] = [];
  readonly #refusals = new Map<string, Decision>();
  readonly #decisions = new Map<string, Decision>();
  readonly #executions: Execution[] = [];
  readonly #trades: ClosedTrade[] = [];
  readonly #fromTs: number;
  readonly #observe: ((event: MarketEvent) => void) | undefined;
  readonly #operator: OperatorPlan | undefined;
  #events = 0;
  #active = false;

  constructor({ settings, run, instruments, fromTs = Number.NEGATIVE_INFINITY, observe, operator }: PathOptions) {
    this.#operator = operator;
    this.#fromTs = fromTs;
    this.#observe = observe;
    this.#engine = createStrategyEngine(settings, {
      run,
      profile: profileOf(profileNameOf('synthetic', settings.simulation), settings),
    });
    for (const instrument of instruments) this.#engine.onInstrument(instrument);
    this.#simulator = createSimulator(simulatorParams(settings), run, { positions: [], resting: [], instruments });
  }

  /** The strategy handles a whole frame before the simulator, as over Redis. */
  onFrame(events: readonly MarketEvent[]): void {
    if (events.length === 0) return;
    const signals: TradingSignal[] = [];
    const beforeTs = this.#clock.now();
    for (const event of events) {
      this.#clock.observe(event.ts_event);
      this.#events += 1;
      this.#observe?.(event);
      if (!this.#active) this.#activate();
      // The number of an event is set in its outputs: few events have one, and a copy of each costs time.
      for (const output of this.#engine.onMarket(event, this.#clock.now()))
        this.#sort(withSeq(output, this.#events), signals);
    }
    for (const event of events) this.#record(this.#simulator.onMarket(event, this.#clock.now()));
    for (const signal of signals) this.#record(this.#simulator.onSignal(signal, this.#clock.now()));
    for (const change of dueChanges(this.#operator, beforeTs, this.#clock.now())) this.#onState(change);
  }

  /** The operator presses a button after a frame. */
  #onState({ state, isFlattening }: PlannedState): void {
    this.#engine.onTradingState(state);
    const signals: TradingSignal[] = [];
    if (isFlattening) for (const output of this.#engine.flatten(this.#clock.now())) this.#sort(output, signals);
    for (const signal of signals) this.#record(this.#simulator.onSignal(signal, this.#clock.now()));
  }

  /** Side of the symbol's open position, if there is one. */
  sideOf(symbol: string): Side | undefined {
    if (!this.#simulator.symbols().includes(symbol)) return undefined;
    return this.#simulator.positionUpdate(symbol, this.#clock.now()).positions[0]?.side;
  }

  /** Without `fromTs` the first event finds the strategy ACTIVE, as a replay does. */
  #activate(): void {
    if (this.#clock.now() < this.#fromTs) return;
    this.#active = true;
    this.#engine.onTradingState('ACTIVE');
  }

  result(): PathResult {
    return {
      signals: this.#signals,
      refusals: [...this.#refusals.values()],
      decisions: [...this.#decisions.values()],
      executions: this.#executions,
      trades: this.#trades,
      events: this.#events,
    };
  }

  #sort(output: EngineOutput, signals: TradingSignal[]): void {
    if (output.kind === 'REFUSAL') this.#refuse(output.report);
    if (output.kind !== 'SIGNAL') return;
    signals.push(output.signal);
    this.#signals.push(output.signal);
  }

  #refuse(report: RefusalReport): void {
    if (report.kind === 'REFUSED') this.#refusals.set(report.decision.decision_id, report.decision);
    const refused = report.kind === 'FOLLOWED_UP' ? this.#refusals.get(report.decision_id) : undefined;
    if (report.kind !== 'FOLLOWED_UP' || refused === undefined) return;
    this.#refusals.set(report.decision_id, { ...refused, follow_up: report.follow_up });
  }

  #record(effects: readonly SimulatorEffect[]): void {
    const executions = this.#simulator.takeExecutions();
    this.#executions.push(...executions);
    const funded = this.#simulator.takeFunded();
    if (effects.length === 0 && funded.length === 0) return;
    for (const { decision, trade } of effects) {
      this.#decisions.set(decision.decision_id, decision);
      if (trade) this.#trades.push(trade);
    }
    for (const symbol of new Set([...funded, ...effects.map((effect) => effect.symbol)])) {
      this.#engine.onPositions(answeredUpdate(this.#simulator, symbol, executions, this.#clock.now()));
    }
  }
}
