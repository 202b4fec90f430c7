import { createStrategyEngine, type StrategyEngine } from '@helios/core/strategy/engine.ts';
import { type EngineOutput, withSeq } from '@helios/core/strategy/engine-output.ts';
import { answeredUpdate } from '@helios/core/trading/answered-update.ts';
import { createSimulator, type Simulator, type SimulatorEffect } from '@helios/core/trading/paper-trading.ts';
import { profileOf } from '@helios/core/trading/profile.ts';
import { simulatorParams } from '@helios/core/trading/simulator-port.ts';
import { type FeedCounts, MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import { framesTogether, type MarketSource, marketTimeOf, type VenueFrame } from '@helios/market-data/source.ts';
import type { Decision, RefusalReport } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { profileNameOf } from '@helios/shared/domain/profile-name.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { createFrameClock } from '@helios/shared/runtime/clock.ts';

/** The results of one market, in order. */
export interface InProcessResult {
  readonly signals: readonly TradingSignal[];
  /** Refused triggers in order, with what they would have earned if the shadow position ended. */
  readonly refusals: readonly Decision[];
  /** The newest state of each signal's decision, in order of the signals. */
  readonly decisions: readonly Decision[];
  /** Every answer to a signal, in order. */
  readonly executions: readonly Execution[];
  readonly trades: readonly ClosedTrade[];
  readonly events: number;
  readonly counts: FeedCounts;
}

export interface RunOptions {
  /** No entry before this market time, epoch ms; the data before it warm the indicators. */
  readonly fromTs?: number;
  /** The run ends before the first frame after this market time, epoch ms. */
  readonly toTs?: number;
  /** Sees every market event in order. */
  readonly observe?: (event: MarketEvent) => void;
}

/**
 * Runs a market through feed, strategy and simulated trading without Redis, with the functions of the services, in the order
 * of a lock-step replay. Rejects with the error of the source.
 */
export async function runInProcess(
  source: MarketSource,
  settings: Settings,
  run: string,
  { fromTs = Number.NEGATIVE_INFINITY, toTs = Number.POSITIVE_INFINITY, observe }: RunOptions = {},
): Promise<InProcessResult> {
  const instruments = await source.instruments();
  const symbols = instruments.map(({ symbol }) => symbol);
  const feed = new MarketFeed({ symbols, now: () => 0, onNotice: () => {} });
  const bench = new Workbench({ settings, run, instruments, fromTs, observe });
  await playFrames(source, toTs, (frame) => bench.onFrame(feed.onFrame(frame)));
  bench.onFrame(feed.end());
  return { ...bench.result(), counts: feed.counts() };
}

async function playFrames(source: MarketSource, toTs: number, onFrame: (frame: VenueFrame) => void): Promise<void> {
  for await (const frames of framesTogether(source, new AbortController().signal)) {
    for (const frame of frames) {
      if (marketTimeOf(frame) > toTs) return;
      onFrame(frame);
    }
  }
}

interface WorkbenchOptions extends Pick<RunOptions, 'observe'> {
  readonly settings: Settings;
  readonly run: string;
  readonly instruments: readonly Instrument[];
  readonly fromTs: number;
}

/** Strategy and simulator, connected directly. */
class Workbench {
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
  #events = 0;
  #active = false;

  constructor({ settings, run, instruments, fromTs, observe }: WorkbenchOptions) {
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
  }

  /** Without `fromTs` the first event finds the strategy ACTIVE, as a replay does. */
  #activate(): void {
    if (this.#clock.now() < this.#fromTs) return;
    this.#active = true;
    this.#engine.onTradingState('ACTIVE');
  }

  result(): Omit<InProcessResult, 'counts'> {
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
