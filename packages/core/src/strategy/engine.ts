import { type Execution, isFinal } from '@helios/shared/domain/execution.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Book, Kline, MarketEvent, MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { RegimeState, SentimentState } from '@helios/shared/domain/market-state.ts';
import type { LastEntry, PositionUpdate, TrailingState } from '@helios/shared/domain/position.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { TradingState } from '@helios/shared/domain/trading-state.ts';
import { ModelInUse, type ModelWatchState } from '../model/model-in-use.ts';
import { ModelOpinions } from '../model/model-opinions.ts';
import type { TradingModel } from '../model/trading-model.ts';
import { ClockWatch } from '../time/clock-watch.ts';
import { profileOf, type TradingProfile } from '../trading/profile.ts';
import { applyVerdict, endSession, moveTrailingStops } from './apply-verdict.ts';
import { reportMoves } from './candidate.ts';
import { decide } from './decide.ts';
import type { DecisionContext } from './decision-context.ts';
import { EdgeEstimates } from './edge-estimate.ts';
import { type EngineOutput, withSeq } from './engine-output.ts';
import type { EngineContext, StrategyEngine } from './engine-port.ts';
import type { ManagedPosition } from './exposure.ts';
import type { FleetView } from './fleet-view.ts';
import type { PriceSample } from './market-memory.ts';
import { PresentBySide } from './present-by-side.ts';
import { QuietMarket } from './quiet-market.ts';
import { regimeStateOf } from './regime-state.ts';
import type { SymbolState } from './symbol-state.ts';
import { takenNetBp } from './taken-result.ts';
import { isOnRecord } from './trailing.ts';
import { WatchedSymbols } from './watched-symbols.ts';

export type { StrategyEngine } from './engine-port.ts';

/** Timer interval in market time: timers run at the first event or call after it. */
const TIMER_MS = 1_000;

/** Nearly every event has no output. */
const NONE: readonly EngineOutput[] = [];

/** Creates the strategy for one run. */
export function createStrategyEngine(params: StrategyParams, context: EngineContext): StrategyEngine {
  return new Engine(params, context);
}

class Engine implements StrategyEngine {
  readonly #params: StrategyParams;
  readonly #setup: EngineContext;
  readonly #shadowProfile: TradingProfile;
  readonly edges = new EdgeEstimates();
  readonly quiet: QuietMarket;
  readonly #symbols: WatchedSymbols;
  #tradingState: TradingState = 'HALTED';
  #flattening = false;
  #sentiment: SentimentState | undefined;
  #model: ModelInUse | undefined;
  readonly #clockWatch = new ClockWatch();
  #timersRanMs = 0;
  /** The next outputs; between events they delete stored trailing stops. */
  #outputs: EngineOutput[] = [];

  constructor(params: StrategyParams, setup: EngineContext) {
    this.#params = params;
    this.#setup = setup;
    this.#shadowProfile = profileOf('SIMULATION', params);
    this.#symbols = new WatchedSymbols(params, setup, this.edges);
    this.quiet = new QuietMarket(this.#symbols.byName, params, setup);
  }

  onMarket(event: MarketEvent, nowMs: number): readonly EngineOutput[] {
    this.#readClock(nowMs);
    const state = this.#symbols.of(event.symbol);
    state.followUps.onMarket(event, nowMs);
    const outputs = this.#outputs;
    if (Math.abs(nowMs - this.#timersRanMs) >= TIMER_MS) this.#runTimers(nowMs, outputs);
    state.klines.expire(nowMs);
    switch (event.type) {
      case 'kline':
        state.onKline(event);
        break;
      case 'break':
        // The last book of a session is valid: while it is fresh, positions close at it.
        if (event.kind === 'SESSION_END') endSession(this.#context(state, nowMs, outputs));
        else state.loseBook();
        break;
      default:
        state.onPrice(event);
        this.#decide(state, nowMs, event.type === 'book', outputs);
    }
    if (outputs.length === 0) return NONE;
    this.#outputs = [];
    return event.seq === undefined ? outputs : outputs.map((output) => withSeq(output, event.seq));
  }

  onTimer(nowMs: number): readonly EngineOutput[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    this.#runTimers(nowMs, outputs);
    return outputs;
  }

  onPositions(update: PositionUpdate): void {
    const ours = <T extends { run: string; symbol: string }>(records: readonly T[]) =>
      records.filter(({ run, symbol }) => run === this.#setup.run && symbol === update.symbol);
    const state = this.#symbols.of(update.symbol);
    const whole = { ...update, positions: ours(update.positions), orders: ours(update.orders) };
    const gone = state.exposure.update(whole, this.#clockWatch.lastMs);
    for (const { position, plan } of state.exposure.managed) state.rememberEntry(position.signal_id, plan.entryTs);
    const executions = update.executions ?? [];
    for (const managed of gone) {
      if (isOnRecord(managed.trailing)) this.#forgetTrailingStop(state, managed);
      const { position } = managed;
      this.#model?.settle(position.signal_id, takenNetBp(position, executions), update.ts_event);
    }
    for (const execution of executions) this.onExecution(execution);
    this.#symbols.countExposures();
  }

  onExecution({ run, symbol, signal_id, answer }: Execution): void {
    if (run !== this.#setup.run || !isFinal(answer)) return;
    this.#symbols.byName.get(symbol)?.exposure.onFinalAnswer(signal_id);
    this.#symbols.countExposures();
  }

  onTradingState(state: TradingState): void {
    this.#tradingState = state;
    if (state !== 'REDUCING') this.#flattening = false;
  }

  flatten(nowMs: number): readonly EngineOutput[] {
    this.#flattening = true;
    return this.onTimer(nowMs);
  }

  onSentiment(symbol: string, sentiment: SentimentState | undefined): void {
    if (symbol === 'global') this.#sentiment = sentiment;
    else this.#symbols.of(symbol).sentiment = sentiment;
  }

  restore(symbol: string, samples: readonly PriceSample[], nowMs: number): void {
    this.#symbols.of(symbol).restore(samples, nowMs);
  }

  onInstrument({ symbol, tick_size }: Instrument): void {
    this.#symbols.of(symbol).market.rememberTick(tick_size);
  }

  warm(kline: Kline): void {
    this.#symbols.of(kline.symbol).onKline(kline);
  }

  restoreTrailing(field: string, trailing: TrailingState): boolean {
    const [symbol = '', side] = field.split(':');
    return this.#symbols.byName.get(symbol)?.exposure.restoreTrailing(side, trailing) ?? false;
  }

  restoreEntry(symbol: string, { run, signal_id, timestamp }: LastEntry): void {
    if (run === this.#setup.run) this.#symbols.of(symbol).rememberEntry(signal_id, timestamp);
  }

  restoreUnanswered(symbol: string, signalId: string): void {
    this.#symbols.of(symbol).exposure.enter(signalId);
    this.#symbols.countExposures();
  }

  regimeState(symbol: string, nowMs: number): RegimeState {
    const state = this.#symbols.of(symbol);
    state.klines.expire(nowMs);
    return regimeStateOf(state, this.#params, this.#setup.run, nowMs);
  }

  useModel(model: TradingModel | undefined): void {
    this.#model = model && new ModelInUse(model);
  }

  modelState(): ModelWatchState | undefined {
    return this.#model?.state();
  }

  lastBook(symbol: string): Book | undefined {
    return this.#symbols.byName.get(symbol)?.market.levels;
  }

  showResting = (trade: MarketTrade, nowMs: number): void =>
    this.#symbols.of(trade.symbol).followUps.onMarket(trade, nowMs);
  isFlat = (): boolean => this.exposedSymbols().length === 0;

  exposedSymbols(): readonly string[] {
    return this.#symbols.exposed();
  }

  pendingEntries(): readonly string[] {
    return this.#symbols.pendingEntries();
  }

  #readClock(nowMs: number): void {
    const setBackMs = this.#clockWatch.read(nowMs);
    if (setBackMs === undefined) return;
    for (const state of this.#symbols.all()) state.setClockBack(setBackMs, nowMs);
  }

  #view(nowMs: number): FleetView {
    return {
      nowMs,
      profile: this.#setup.profile,
      tradingState: this.#tradingState,
      flattening: this.#flattening,
      exposures: this.#symbols.exposures,
      sentiment: this.#sentiment,
      meanMove: this.#symbols.meanMove,
      recordsRefusals: this.#setup.recordsRefusals,
      model: this.#model && new ModelOpinions(this.#model),
    };
  }

  #runTimers(nowMs: number, outputs: EngineOutput[]): void {
    this.#readClock(nowMs);
    this.#timersRanMs = nowMs;
    for (const state of this.#symbols.all()) {
      state.klines.expire(nowMs);
      if (state.watch) reportMoves(state.watch.excursions.settle(nowMs), this.#setup.run, outputs);
      if (!state.exposure.flat || state.followUps.size > 0) this.#decide(state, nowMs, false, outputs);
    }
  }

  #decide(state: SymbolState, nowMs: number, onBook: boolean, outputs: EngineOutput[]): void {
    const hasTrigger = onBook && state.trigger !== undefined && !state.exposure.isAtExtreme(nowMs);
    if (!hasTrigger && state.exposure.flat && state.followUps.size === 0) return;
    const mayStay = !this.#flattening && !state.sessionOver;
    const { managed } = state.exposure;
    const present = new PresentBySide(state, nowMs, this.#sentiment, this.#params);
    const areCalm = mayStay && state.calm.areCalm(managed, present);
    if (areCalm && !hasTrigger && state.followUps.areCalm(present, nowMs)) return;
    const context = this.#context(state, nowMs, outputs);
    if (!areCalm && this.#setup.profile.stopsRestAt === 'ENGINE') moveTrailingStops(context);
    const verdict = decide(state, context.view, this.#params, hasTrigger);
    applyVerdict(verdict, context);
    if (mayStay && !(areCalm && verdict.exits.length === 0)) state.calm.judged(managed, present, this.#params);
    if (verdict.entry.kind === 'ENTER') this.#symbols.countExposures();
  }

  #context(state: SymbolState, nowMs: number, outputs: EngineOutput[]): DecisionContext {
    const view = this.#view(nowMs);
    return { state, view, shadowProfile: this.#shadowProfile, params: this.#params, run: this.#setup.run, outputs };
  }

  #forgetTrailingStop({ symbol, exposure }: SymbolState, { position: { side } }: ManagedPosition): void {
    // A new position may already be open on this side: deleting the old stop would delete the new one.
    if (exposure.hasTrailingOf(side)) return;
    this.#outputs.push({ kind: 'TRAILING', field: `${symbol}:${side}`, trailing: undefined });
  }
}
