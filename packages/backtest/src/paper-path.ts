import type { TradingModel } from '@helios/core/model/trading-model.ts';
import type { VenueModels } from '@helios/core/paper/venue-models.ts';
import { createStrategyEngine, type StrategyEngine } from '@helios/core/strategy/engine.ts';
import { type EngineOutput, withSeq } from '@helios/core/strategy/engine-output.ts';
import type { CandleRules } from '@helios/core/strategy/exit-plan.ts';
import { answeredUpdate } from '@helios/core/trading/answered-update.ts';
import { createSimulator, type Simulator, type SimulatorEffect } from '@helios/core/trading/paper-trading.ts';
import { profileOf } from '@helios/core/trading/profile.ts';
import { simulatorParams } from '@helios/core/trading/simulator-port.ts';
import type { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
import { profileNameOf } from '@helios/shared/domain/profile-name.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { createFrameClock } from '@helios/shared/runtime/clock.ts';
import type { MarketTarget, QuietTarget, ReachedPrice } from './data/market-target.ts';
import type { AssumedFunding } from './models/assumed-funding.ts';
import { followUpModelsOf } from './models/candle-fills.ts';
import { type LatencyModel, NO_LATENCY } from './models/order-latency.ts';
import { OrdersOnTheirWay } from './models/orders-on-their-way.ts';
import { dueChanges, type OperatorPlan, type PlannedState } from './operator-plan.ts';
import { type PathRecord, PathRecords, type PathResult } from './path-records.ts';
import { type ObservePassed, QuietPath } from './quiet-path.ts';

export interface PathOptions {
  readonly settings: Settings;
  readonly run: string;
  readonly instruments: readonly Instrument[];
  /** No entry before this market time, epoch ms; the events before it warm the indicators. */
  readonly fromTs?: number | undefined;
  /** Sees every market event in order. */
  readonly observe?: ((event: MarketEvent) => void) | undefined;
  /** Sees the last book of each minute without played books; without it every book is played. */
  readonly observePassed?: ObservePassed | undefined;
  /** Presses buttons meanwhile. */
  readonly operator?: OperatorPlan | undefined;
  /** How long orders take to the venue; none by default, as in lock-step. */
  readonly latency?: LatencyModel | undefined;
  /** Announces fundings that the data do not hold; none by default. */
  readonly funding?: AssumedFunding | undefined;
  /** Queue, impact and fills of the paper venue; those of paper trading by default. */
  readonly models?: VenueModels | undefined;
  /** The rules of a symbol's candles; given if the data are candles. Then follow-ups fill by `models`, too, but for the impact. */
  readonly candlesOf?: ((symbol: string) => CandleRules | undefined) | undefined;
  /** True: orders rest on candles, so they see the prices that the candles reached. */
  readonly restsOnCandles?: boolean | undefined;
  /** False: refused triggers are neither recorded nor followed up; signals and trades are the same without a model. */
  readonly recordsRefusals?: boolean | undefined;
  /** Judges candidates; it needs `collectsFeatures`. */
  readonly model?: TradingModel | undefined;
  /** Collects the features of candidates; without it signals carry none. */
  readonly collectsFeatures?: boolean | undefined;
  /** True: books come from candles or trades. */
  readonly isBookMadeUp?: boolean | undefined;
  /** Sees every report on refused triggers and on the moves after candidates. */
  readonly onReport?: ((report: RefusalReport) => void) | undefined;
  /** Sees every act in order. */
  readonly onRecord?: ((record: PathRecord) => void) | undefined;
  /** Make strategy and paper account; tests plant faults here. */
  readonly createEngine?: typeof createStrategyEngine | undefined;
  readonly createAccount?: typeof createSimulator | undefined;
}

/** Strategy and paper account, connected directly: market events in, decisions and trades out. */
export class PaperPath implements MarketTarget {
  readonly #clock = createFrameClock();
  readonly #engine: StrategyEngine;
  readonly #simulator: Simulator;
  readonly #records = new PathRecords((kind, id, content) => this.#tell(kind, id, content));
  readonly #options: PathOptions;
  readonly #fromTs: number;
  readonly #orders: OrdersOnTheirWay;
  readonly #quiet: QuietPath | undefined;
  #events = 0;
  #frames = 0;
  #active = false;
  readonly #hasLatency: boolean;
  /** Time of the paper account: it never goes back, epoch ms. */
  #accountTs = 0;

  constructor(options: PathOptions) {
    const { settings, run, instruments, fromTs = Number.NEGATIVE_INFINITY, latency = NO_LATENCY, models } = options;
    const { createEngine = createStrategyEngine, createAccount = createSimulator } = options;
    this.#options = options;
    this.#fromTs = fromTs;
    this.#hasLatency = latency !== NO_LATENCY;
    this.#orders = new OrdersOnTheirWay(latency);
    const profile = profileOf(profileNameOf('synthetic', settings.simulation), settings);
    this.#engine = createEngine(settings, {
      run,
      profile,
      recordsRefusals: options.recordsRefusals,
      candlesOf: options.candlesOf,
      collectsFeatures: options.collectsFeatures,
      isBookMadeUp: options.isBookMadeUp,
      ...(options.candlesOf && models && { followUpModels: followUpModelsOf(models) }),
    });
    if (options.model) this.#engine.useModel(options.model);
    for (const instrument of instruments) this.#engine.onInstrument(instrument);
    const params = { ...simulatorParams(settings), ...(models && { models }) };
    this.#simulator = createAccount(params, run, { positions: [], resting: [], instruments });
    this.#quiet = this.#quietPath();
  }

  get quiet(): QuietTarget | undefined {
    return this.#quiet;
  }

  /** The strategy handles a whole frame before the paper account, as over Redis. */
  onFrame(events: readonly MarketEvent[], reached?: () => ReachedPrice | undefined): void {
    if (events.length === 0) return;
    if (this.#quiet !== undefined) this.#seeUnseen(this.#quiet);
    this.#frames += 1;
    if (this.#options.restsOnCandles === true) this.#reach(reached?.());
    const { operator, observe } = this.#options;
    const beforeTs = this.#clock.now();
    for (const event of events) {
      this.#clock.observe(event.ts_event);
      this.#events += 1;
      observe?.(event);
      if (!this.#active) this.#activate();
      const outputs = this.#engine.onMarket(event, this.#clock.now());
      // The number of an event is set in its outputs: few events have one, and a copy of each costs time.
      if (outputs.length > 0) for (const output of outputs) this.#sort(withSeq(output, this.#events));
    }
    for (const event of events) this.#toAccount(event);
    const nowMs = this.#clock.now();
    this.#deliver(nowMs);
    if (operator === undefined) return;
    for (const change of dueChanges(operator, beforeTs, nowMs)) this.#onState(change);
  }

  /** Resting orders meet the price before the strategy sees its book, so a stop beyond it counts in the same candle. */
  #reach(price: ReachedPrice | undefined): void {
    if (price === undefined) return;
    this.#clock.observe(price.ts_event);
    const nowMs = this.#clock.now();
    // Timers that ran after the fill would judge it by the book before it.
    for (const output of this.#engine.onTimer(nowMs)) this.#sort(output);
    this.#engine.showResting(price, nowMs);
    this.#toAccount(price);
  }

  #quietPath(): QuietPath | undefined {
    const { operator, observePassed, settings } = this.#options;
    if (operator !== undefined || observePassed === undefined) return undefined;
    const count = (frames: number, events: number): void => {
      this.#frames += frames;
      this.#events += events;
    };
    const parts = { engine: this.#engine, simulator: this.#simulator, depth: settings.signals.nobi_depth };
    return new QuietPath({ ...parts, sideOf: (symbol) => this.sideOf(symbol), count, observePassed });
  }

  warm(kline: Kline): void {
    this.#engine.warm(kline);
  }

  /** The last books that passed set prices and announce fundings; they decide nothing. */
  #seeUnseen(quiet: QuietPath): void {
    for (const book of quiet.takeUnseen()) {
      this.#clock.observe(book.ts_event);
      this.#engine.quiet.rememberBook(book);
      this.#toAccount(book);
    }
  }

  /** Orders that arrive before an event see the market before it. */
  #toAccount(event: MarketEvent): void {
    if (this.#hasLatency) this.#deliver(event.ts_event, true);
    this.#accountTs = this.#clock.now();
    this.#record(this.#simulator.onMarket(event, this.#accountTs));
    const mark = this.#options.funding?.onEvent(event);
    if (mark === undefined) return;
    this.#options.observe?.(mark);
    this.#record(this.#simulator.onMarket(mark, this.#accountTs));
  }

  #deliver(untilTs: number, isStrict = false): void {
    for (const { signal, dueTs } of this.#orders.take(untilTs, isStrict)) {
      this.#accountTs = Math.max(this.#accountTs, dueTs);
      this.#record(this.#simulator.onSignal(signal, this.#accountTs));
    }
  }

  /** The operator presses a button after a frame. */
  #onState({ state, isFlattening }: PlannedState): void {
    this.#engine.onTradingState(state);
    if (isFlattening) for (const output of this.#engine.flatten(this.#clock.now())) this.#sort(output);
    this.#deliver(this.#clock.now());
  }

  sideOf(symbol: string): Side | undefined {
    if (!this.#simulator.symbols().includes(symbol)) return undefined;
    const { positions, orders } = this.#simulator.positionUpdate(symbol, this.#clock.now());
    const entry = orders.find(({ purpose }) => purpose === 'ENTRY');
    return positions[0]?.side ?? (entry && (entry.side === 'LONG' ? 'SHORT' : 'LONG'));
  }

  /** Without `fromTs` the first event finds the strategy ACTIVE, as a replay does. */
  #activate(): void {
    if (this.#clock.now() < this.#fromTs) return;
    this.#active = true;
    this.#engine.onTradingState('ACTIVE');
  }

  /** The results so far; call once at the end. Orders that are still on their way arrive, after the last frame. */
  result(): PathResult {
    this.#frames += 1;
    this.#deliver(Number.POSITIVE_INFINITY);
    return this.#records.result(this.#events);
  }

  #sort(output: EngineOutput): void {
    if (output.kind === 'REFUSAL') this.#options.onReport?.(output.report);
    const signal = this.#records.takeOutput(output);
    if (signal !== undefined) this.#orders.send(signal);
  }

  #record(effects: readonly SimulatorEffect[]): void {
    const executions = this.#simulator.takeExecutions();
    this.#records.takeExecutions(executions);
    const funded = this.#simulator.takeFunded();
    if (effects.length === 0 && funded.length === 0) return;
    this.#records.takeEffects(effects);
    for (const symbol of new Set([...funded, ...effects.map((effect) => effect.symbol)])) {
      this.#engine.onPositions(answeredUpdate(this.#simulator, symbol, executions, this.#clock.now()));
    }
  }

  #tell(kind: PathRecord['kind'], id: string, content: PathRecord['content'] & { readonly symbol: string }): void {
    const { symbol } = content;
    this.#options.onRecord?.({ kind, id, ts: this.#clock.now(), frame: this.#frames, symbol, content });
  }
}
