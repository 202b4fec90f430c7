import { LiveTrading } from '@helios/core/live/live-trading.ts';
import { StepQueue } from '@helios/core/live/step-queue.ts';
import type { VenueCommand, VenueNews } from '@helios/core/live/venue-port.ts';
import type { TradingModel } from '@helios/core/model/trading-model.ts';
import { createStrategyEngine, type StrategyEngine } from '@helios/core/strategy/engine.ts';
import { profileOf } from '@helios/core/trading/profile.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { PositionUpdate } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { isExit, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';
import { createFrameClock } from '@helios/shared/runtime/clock.ts';
import type { PlannedState } from '../operator-plan.ts';
import { EntryAssessor } from './entry-assessor.ts';
import { LiveBooks } from './live-books.ts';
import { EngineRecord } from './run-record.ts';

/** As signal-engine collects them. */

interface FleetOptions {
  readonly run: string;
  readonly settings: Settings;
  /** Settings of the witness: those of the paper run. */
  readonly reference: Settings;
  readonly instruments: readonly Instrument[];
  /** Judges candidates of both. */
  readonly model?: TradingModel | undefined;
  /** The clock that the venue shares, epoch ms. */
  readonly now: () => number;
  readonly carryOut: (command: VenueCommand) => void;
}

/**
 * The live services in one process, without Redis: strategy, risk, live trading and books, with the functions of the services. Beside
 * the strategy runs a witness: the strategy of the paper run, which hears the same market and the positions of the live account.
 */
export class LiveFleet {
  readonly decided = new EngineRecord();
  readonly witnessed = new EngineRecord();
  readonly books: LiveBooks;
  readonly executions: Execution[] = [];
  readonly #options: FleetOptions;
  readonly #clock = createFrameClock();
  readonly #engine: StrategyEngine;
  readonly #witness: StrategyEngine;
  readonly #trading: LiveTrading;
  readonly #assessor: EntryAssessor;
  readonly #steps = new StepQueue<(trading: LiveTrading, nowMs: number) => void>((step) => this.#run(step));

  constructor(options: FleetOptions) {
    const { run, settings, reference, instruments, model, now } = options;
    this.#options = options;
    this.books = new LiveBooks(run);
    this.#engine = createStrategyEngine(settings, {
      run,
      profile: profileOf('LIVE', settings),
      collectsFeatures: true,
    });
    this.#witness = createStrategyEngine(reference, {
      run,
      profile: profileOf('LIVE', reference),
      collectsFeatures: true,
    });
    for (const engine of [this.#engine, this.#witness]) engine.useModel(model);
    this.#trading = new LiveTrading({ run, settings, startedTs: now() });
    this.#assessor = new EntryAssessor(settings, instruments);
    for (const instrument of instruments) {
      for (const engine of [this.#engine, this.#witness]) engine.onInstrument(instrument);
      this.#trading.onInstrument(instrument);
    }
  }

  /** Sets up the symbols and allows entries. */
  start(): void {
    this.onState({ state: 'ACTIVE', isFlattening: false });
    for (const { symbol } of this.#options.instruments) this.#act((trading, nowMs) => trading.prepare(symbol, nowMs));
  }

  onTerms(terms: SymbolTerms): void {
    this.#assessor.onTerms(terms);
    this.#trading.onTerms(terms);
  }

  /** In live execution-manager flattens; the strategy only enters nothing. */
  onState({ state, isFlattening }: PlannedState): void {
    for (const engine of [this.#engine, this.#witness]) engine.onTradingState(state);
    this.#act((trading, nowMs) => trading.onTradingState(state, isFlattening, nowMs));
  }

  /** The strategy handles a whole frame, then its signals are executed. */
  onFrame(events: readonly MarketEvent[]): void {
    const signals: TradingSignal[] = [];
    for (const event of events) {
      this.#clock.observe(event.ts_event);
      const nowMs = this.#clock.now();
      signals.push(...this.decided.add(this.#engine.onMarket(event, nowMs)));
      this.witnessed.add(this.#witness.onMarket(event, nowMs));
    }
    for (const event of events) if (event.type === 'book') this.#onBook(event);
    for (const signal of signals) this.#onSignal({ ...signal, ts_init: this.#options.now() });
  }

  onMark(symbol: string, mark: number): void {
    this.#act((trading, nowMs) => trading.onPrice(symbol, { mark }, nowMs));
  }

  onTimer(): void {
    this.#act((trading, nowMs) => trading.onTimer(nowMs));
  }

  onNews(news: VenueNews): void {
    this.#act((trading, nowMs) => trading.onNews(news, nowMs));
  }

  /** The strategy's clock, epoch ms. */
  get clockTs(): number {
    return this.#clock.now();
  }

  /** True if the account has no position and no order of ours. */
  get isFlat(): boolean {
    return this.#trading.symbols().length === 0;
  }

  #onBook({ symbol, bids, asks }: Book): void {
    const [bid, ask] = [bids[0]?.[0], asks[0]?.[0]];
    if (bid === undefined || ask === undefined) return;
    this.#act((trading, nowMs) => trading.onPrice(symbol, { bid: Number(bid), ask: Number(ask) }, nowMs));
  }

  #onSignal(signal: TradingSignal): void {
    this.books.onSignal(signal);
    if (isExit(signal.direction)) {
      this.#act((trading, nowMs) => trading.onExit(signal, nowMs));
      return;
    }
    const nowMs = this.#options.now();
    const answer = this.#assessor.assess(signal, {
      nowMs,
      account: this.#trading.account(nowMs),
      trades: this.books.closed,
      book: this.#engine.lastBook(signal.symbol),
    });
    if ('intent' in answer) {
      this.books.onIntent(answer);
      this.#act((trading) => trading.onEntry(answer, nowMs));
    } else this.#tell(answer, [signal.symbol]);
  }

  /** Runs a step of live trading; one that it causes runs after it. */
  #act(step: (trading: LiveTrading, nowMs: number) => void): void {
    this.#steps.act(step);
  }

  #run(step: (trading: LiveTrading, nowMs: number) => void): void {
    const trading = this.#trading;
    step(trading, this.#options.now());
    for (const command of trading.takeCommands()) this.#options.carryOut(command);
    const executions = trading.takeExecutions();
    this.#tell(executions, [...trading.takeChanged(), ...executions.map(({ symbol }) => symbol)]);
  }

  /** Books answers, and tells the strategy of them together with the positions. */
  #tell(answers: readonly Execution[], symbols: readonly string[]): void {
    const nowMs = this.#options.now();
    const executions = answers.map((execution) => ({ ...execution, ts_init: nowMs }));
    this.executions.push(...executions);
    for (const execution of executions) {
      this.books.onExecution(execution);
      this.#assessor.onExecution(execution);
    }
    for (const symbol of new Set(symbols)) {
      const update: PositionUpdate = {
        ...this.#trading.positionUpdate(symbol, nowMs),
        executions: executions.filter((execution) => execution.symbol === symbol),
      };
      for (const engine of [this.#engine, this.#witness]) engine.onPositions(update);
    }
  }
}
