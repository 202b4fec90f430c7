import { answeredUpdate } from '@helios/core/trading/answered-update.ts';
import { createSimulator, type Simulator, type SimulatorEffect } from '@helios/core/trading/paper-trading.ts';
import { simulatorParams } from '@helios/core/trading/simulator-port.ts';
import { Streams } from '@helios/shared/contracts/catalog.ts';
import type { Account } from '@helios/shared/domain/account.ts';
import type { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { OrderWatch } from '@helios/shared/domain/order-watch.ts';
import type { OpenOrder, OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Ledger, StatisticsEpoch } from './ledger/ledger.ts';
import { LedgerUnwritable } from './ledger/ledger-errors.ts';
import type { LedgerCommit } from './ledger/ledger-rows.ts';
import type { ProjectionChange, ProjectionSizes, ProjectionState } from './projection-writes.ts';
import { RecordBoard } from './record-board.ts';
import { restoredStatistics } from './restored-statistics.ts';
import { utcDayOf } from './utc-day.ts';

type Committed = Pick<LedgerCommit, 'effects' | 'executions'>;

export interface PaperAccountHostOptions {
  readonly ledger: Ledger;
  /** The epoch that the statistics cover. */
  readonly statisticsEpoch: StatisticsEpoch;
  readonly settings: Pick<Settings, 'simulation' | 'fees' | 'performance' | 'risk' | 'trading' | 'protections'>;
  readonly run: string;
  /** Market time, epoch ms. */
  readonly now: () => number;
  /** The machine's time, epoch ms. */
  readonly wallNow: () => number;
}

/**
 * Runs the simulation, and commits each change before it is published. Every method is synchronous. When it returns a
 * change, the ledger contains it. When it throws, memory equals the ledger again.
 */
export class PaperAccountHost {
  readonly #options: PaperAccountHostOptions;
  readonly #board: RecordBoard;
  readonly #instruments = new Map<string, Instrument>();
  #simulator: Simulator;
  #no = 0;
  #hadOrders: boolean;
  #updatedTs: number;

  constructor(options: PaperAccountHostOptions) {
    const { ledger } = options;
    this.#options = options;
    const former = ledger.restingUpTo(options.statisticsEpoch.decisions_after);
    this.#board = new RecordBoard({ ledger, statistics: restoredStatistics(options), former });
    this.#simulator = this.#restoredSimulator([]);
    this.#hadOrders = this.#simulator.restingOrders() > 0;
    this.#updatedTs = Math.max(options.now(), this.#board.decisions()[0]?.timestamp ?? 0);
  }

  restingOrders(): number {
    return this.#simulator.restingOrders();
  }

  /** What the resting orders wait for; undefined if there is none, or if any market event may change one. */
  orderWatch(): OrderWatch | undefined {
    return this.#simulator.orderWatch(this.#options.now());
  }

  /** Symbols with a position or an order. */
  exposedSymbols(): readonly string[] {
    return this.#simulator.symbols();
  }

  /** Ticks, steps and limits of a symbol; undefined if unknown. */
  instrumentOf(symbol: string): Instrument | undefined {
    return this.#instruments.get(symbol);
  }

  /** Stores steps and limits of a symbol. */
  onInstrument(instrument: Instrument): void {
    this.#instruments.set(instrument.symbol, instrument);
    this.#simulator.onInstrument(instrument);
  }

  /** A symbol's last book; undefined if it is too old. */
  freshBook(symbol: string): Book | undefined {
    return this.#simulator.freshBook(symbol, this.#options.now());
  }

  /** The account as the risk rules use it; undefined if entries have a fixed size. */
  account(): Account | undefined {
    return this.#simulator.account(this.#options.now());
  }

  /** Executes and records a signal. If it is already recorded, its answers are published again. @throws LedgerUnwritable */
  onSignal(signal: TradingSignal): ProjectionChange | undefined {
    const { ledger, now } = this.#options;
    if (ledger.hasSignal(signal.signal_id)) return this.#repeat(signal);
    return this.#record(signal, this.#simulator.onSignal(signal, now()));
  }

  /** Passes a market event to resting orders. @throws LedgerUnwritable */
  onMarket(event: MarketEvent): ProjectionChange | undefined {
    return this.#record(undefined, this.#simulator.onMarket(event, this.#options.now()));
  }

  /** Expires orders, and starts a new UTC day in the statistics. @throws LedgerUnwritable */
  onTimer(): ProjectionChange | undefined {
    return this.#record(undefined, this.#simulator.onTimer(this.#options.now())) ?? this.#newDay();
  }

  /** Records a refusal or its follow-up; undefined if this changes nothing. @throws LedgerUnwritable */
  onRefusal(report: RefusalReport): ProjectionChange | undefined {
    const change = this.#board.onRefusal(report);
    if (change === undefined) return undefined;
    this.#no += 1;
    return { ...this.#unchanged(), refusals: [change] };
  }

  /** The present state, for a rewrite of the whole projection. */
  state(): ProjectionState {
    const { ledger, now } = this.#options;
    return {
      no: this.#no,
      decisions: this.#board.decisions(),
      refusals: this.#board.refusals(),
      summary: this.#board.summary(this.#updatedTs),
      positions: this.#positions(),
      orders: this.#orders(),
      trades: ledger.lastTrades(Streams.trades.maxLength),
      executions: ledger.lastExecutions(Streams.executions.maxLength),
      updates: this.#simulator.symbols().map((symbol) => this.#simulator.positionUpdate(symbol, now())),
      account: this.account(),
      sizes: this.#sizes(),
    };
  }

  #record(signal: TradingSignal | undefined, effects: readonly SimulatorEffect[]): ProjectionChange | undefined {
    const ts_init = this.#options.wallNow();
    const executions = this.#simulator.takeExecutions().map((execution) => ({ ...execution, ts_init }));
    const funded = this.#simulator.takeFunded();
    const symbols = [...new Set([...funded, ...[...effects, ...executions].map(({ symbol }) => symbol)])];
    if (symbols.length === 0) return undefined;
    try {
      const exposures = symbols.map((symbol) => ({
        symbol,
        positions: this.#update(symbol).positions,
        resting: this.#simulator.restingOf(symbol),
      }));
      this.#options.ledger.commit({ signal, effects, executions, exposures });
    } catch (error) {
      if (error instanceof LedgerUnwritable) this.#simulator = this.#restoredSimulator(this.#simulator.books());
      throw error;
    }
    return this.#committed({ effects, executions }, symbols);
  }

  #committed({ effects, executions }: Committed, symbols: readonly string[]): ProjectionChange {
    this.#no += 1;
    this.#updatedTs = this.#options.now();
    const decisions = this.#board.record(effects);
    const hasOrders = this.#simulator.restingOrders() > 0;
    const showOrders = hasOrders || this.#hadOrders;
    this.#hadOrders = hasOrders;
    return {
      no: this.#no,
      decisions,
      refusals: [],
      summary: this.#board.summary(this.#updatedTs),
      ...(showOrders && { orders: this.#orders() }),
      trades: effects.flatMap(({ trade }) => trade ?? []),
      executions,
      updates: symbols.map((symbol) => answeredUpdate(this.#simulator, symbol, executions, this.#updatedTs)),
      account: this.account(),
      sizes: this.#sizes(),
    };
  }

  /** At midnight the figures of the day change without a trade. */
  #newDay(): ProjectionChange | undefined {
    const nowMs = this.#options.now();
    if (nowMs <= this.#updatedTs || utcDayOf(nowMs) === utcDayOf(this.#updatedTs)) return undefined;
    this.#no += 1;
    this.#updatedTs = nowMs;
    return { ...this.#unchanged(), summary: this.#board.summary(nowMs) };
  }

  /** A position update of the symbol with the recorded answers. A sender that repeats a signal has missed them. */
  #repeat({ signal_id, symbol }: TradingSignal): ProjectionChange | undefined {
    const executions = this.#options.ledger.executionsOf(signal_id);
    if (executions.length === 0) return undefined;
    this.#no += 1;
    const update = answeredUpdate(this.#simulator, symbol, executions, this.#options.now());
    return { ...this.#unchanged(), updates: [update] };
  }

  #unchanged(): ProjectionChange {
    const nothing = { decisions: [], refusals: [], trades: [], executions: [], updates: [] };
    return { no: this.#no, ...nothing, sizes: this.#sizes() };
  }

  #update(symbol: string): PositionUpdate {
    return this.#simulator.positionUpdate(symbol, this.#options.now());
  }

  #positions(): OpenPosition[] {
    return this.#simulator.symbols().flatMap((symbol) => this.#update(symbol).positions);
  }

  #orders(): OpenOrder[] {
    return this.#simulator.symbols().flatMap((symbol) => this.#update(symbol).orders);
  }

  #sizes(): ProjectionSizes {
    return {
      decisions: this.#board.decisions().length,
      refusals: this.#board.refusals().length,
      positions: this.#positions().length,
      orders: this.#simulator.restingOrders(),
    };
  }

  /** A simulator in the state of the ledger. The ledger stores no books, so they are passed in. */
  #restoredSimulator(books: readonly Book[]): Simulator {
    const { settings, run, ledger, statisticsEpoch } = this.#options;
    const instruments = [...this.#instruments.values()];
    const trades = ledger.trades(statisticsEpoch.trades_after);
    return createSimulator(simulatorParams(settings), run, { ...ledger.state(), books, instruments, trades });
  }
}
