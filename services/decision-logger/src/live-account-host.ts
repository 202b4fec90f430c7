import type { JournalChange } from '@helios/core/journal/journal-change.ts';
import { JournaledTrading } from '@helios/core/journal/journaled-trading.ts';
import { type LiveLot, liveTradeOf } from '@helios/core/journal/live-lot.ts';
import { closedFigures } from '@helios/core/portfolio/filled-order.ts';
import type { PerformanceStatistics } from '@helios/core/portfolio/statistics.ts';
import { Streams } from '@helios/shared/contracts/catalog.ts';
import type { Account } from '@helios/shared/domain/account.ts';
import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { LiveCounts } from '@helios/shared/domain/live-counts.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import type { AmendedTrade, JournalRows } from './ledger/journal-rows.ts';
import type { Ledger } from './ledger/ledger.ts';
import { LedgerUnwritable } from './ledger/ledger-errors.ts';
import { MessageCounts } from './message-counts.ts';
import type { ProjectionChange, ProjectionState } from './projection-writes.ts';
import { RecordBoard } from './record-board.ts';
import { restoredLiveStatistics } from './restored-statistics.ts';
import { utcDayOf } from './utc-day.ts';

/** An answer whose signal is missing for this long is booked without it, ms. */
const SIGNAL_WAIT_MS = 30_000;

export interface LiveAccountHostOptions {
  readonly ledger: Ledger;
  readonly settings: Pick<Settings, 'performance'>;
  readonly run: string;
  /** Epoch ms. */
  readonly now: () => number;
  /** Reports a fill that belongs to no position. */
  readonly onUnmatched: (execution: Execution) => void;
}

/**
 * Keeps the books of live trading, and commits each message before its effects are published. Every method is synchronous. When it
 * returns, the ledger contains the message; when it throws, memory equals the ledger again. A repeated message changes nothing.
 */
export class LiveAccountHost {
  readonly #options: LiveAccountHostOptions;
  readonly #board: RecordBoard;
  readonly #counts = new MessageCounts();
  #journal: JournaledTrading;
  #no = 0;
  #updatedTs: number;

  constructor(options: LiveAccountHostOptions) {
    const { ledger } = options;
    this.#options = options;
    this.#board = new RecordBoard({ ledger, statistics: this.#statistics(), former: [] });
    this.#journal = this.#restored();
    this.#updatedTs = Math.max(options.now(), this.#board.decisions()[0]?.timestamp ?? 0);
  }

  /** True if an answer to the signal can be booked now. */
  knowsSignal(signalId: string): boolean {
    return this.#journal.isOpen(signalId) || this.#options.ledger.hasSignal(signalId);
  }

  /** What was recorded since the start, and what waits for an answer. */
  counts(): LiveCounts {
    const waiting = this.#journal.unanswered();
    const oldest = waiting.length > 0 && { oldest_unanswered_ts: Math.min(...waiting) };
    const { run, now } = this.#options;
    return { run, ...this.#counts.counts(), unanswered: waiting.length, ...oldest, updated_ts: now() };
  }

  /** @throws LedgerUnwritable, as the others */
  onSignal(signal: TradingSignal): ProjectionChange | undefined {
    if (this.#isOver(signal.signal_id)) return undefined;
    const change = this.#book(() => this.#journal.onSignal(signal));
    this.#counts.addSignal();
    return change;
  }

  onIntent(entry: AssessedEntry): ProjectionChange | undefined {
    if (this.#isOver(entry.intent.signal_id)) return undefined;
    const change = this.#book(() => this.#journal.onIntent(entry));
    this.#counts.addIntent();
    return change;
  }

  onExecution(execution: Execution): ProjectionChange | undefined {
    const { ledger, onUnmatched } = this.#options;
    const journal = ledger.journal();
    if (journal.hasExecution(execution.execution_id)) return undefined;
    const { signal_id } = execution;
    const recorded = this.#isOver(signal_id) ? (journal.signalOf(signal_id) ?? execution.signal) : undefined;
    const booked = this.#book(() => {
      const isFillBooked = 'fill' in execution && journal.hasFill(execution.symbol, execution.fill.trade_id);
      const change = this.#journal.onExecution(execution, { recorded, isFillBooked });
      for (const unmatched of change.unmatched) onUnmatched(unmatched);
      return change;
    }, [execution]);
    this.#counts.addExecution(execution);
    return booked;
  }

  /** Stores a line of the venue's income, and corrects the closed trade that it belongs to. */
  onFlow(flow: AccountFlow): ProjectionChange | undefined {
    const journal = this.#options.ledger.journal();
    if (journal.hasFlow(flow.flow_id)) return undefined;
    const amended = journal.closedLotsOf(flow).flatMap((lot) => this.#amended(lot, flow) ?? []);
    this.#commit({ ...NO_ROWS, flow, amended }, { signal: undefined, effects: [], executions: [] }, flow.symbol);
    const isFunding = flow.symbol !== undefined && this.#journal.positionsOf(flow.symbol).length > 0;
    if (amended.length === 0) return isFunding ? { ...this.#next(), funded: this.#journal.positions() } : undefined;
    const decisions = this.#board.restate(
      this.#statistics(),
      amended.flatMap(({ decision }) => decision ?? []),
    );
    return { ...this.#next(), decisions, summary: this.#summary(), restatesTrades: true };
  }

  /** Books the answers to one signal that never came; call it again until it returns undefined. */
  onLostSignal(): ProjectionChange | undefined {
    const oldestTs = this.#options.now() - SIGNAL_WAIT_MS;
    return this.#book(() => this.#journal.onLostSignal(oldestTs));
  }

  /** At midnight the figures of the day change without a trade. */
  onNewDay(): ProjectionChange | undefined {
    const nowMs = this.#options.now();
    if (nowMs <= this.#updatedTs || utcDayOf(nowMs) === utcDayOf(this.#updatedTs)) return undefined;
    return { ...this.#next(), summary: this.#summary() };
  }

  /** Takes the venue's balance. The first one, less what was earned before it, is the start of the equity. */
  onAccount({ wallet_balance }: Pick<Account, 'wallet_balance'>): ProjectionChange | undefined {
    const journal = this.#options.ledger.journal();
    if (journal.startingBalance() !== undefined || !(wallet_balance > 0)) return undefined;
    const earned = this.#board.summary(this.#updatedTs).total_pnl;
    journal.setStartingBalance(wallet_balance - earned);
    this.#board.restate(this.#statistics(), []);
    return { ...this.#next(), summary: this.#summary() };
  }

  /** Stores a refusal or its follow-up; undefined if this changes nothing. */
  onRefusal(report: RefusalReport): ProjectionChange | undefined {
    const change = this.#board.onRefusal(report);
    return change && { ...this.#next(), refusals: [change] };
  }

  /** Everything that Redis shows of the ledger. */
  state(): ProjectionState {
    const { ledger } = this.#options;
    return {
      no: this.#no,
      decisions: this.#board.decisions(),
      refusals: this.#board.refusals(),
      summary: this.#summary(),
      positions: this.#journal.positions(),
      orders: [],
      trades: ledger.lastTrades(Streams.trades.maxLength),
      executions: [],
      updates: [],
      account: undefined,
      sizes: this.#sizes(),
    };
  }

  #isOver(signalId: string): boolean {
    return !this.#journal.isOpen(signalId) && this.#options.ledger.hasSignal(signalId);
  }

  #book(work: () => JournalChange | undefined, executions: readonly Execution[] = []): ProjectionChange | undefined {
    const change = work();
    if (change === undefined) return undefined;
    const { signal, effects, signals, ended, lots } = change;
    const symbol = signal?.symbol ?? executions[0]?.symbol;
    this.#commit({ ...NO_ROWS, signals, ended, lots }, { signal, effects, executions }, symbol);
    const decisions = this.#board.record(effects);
    const trades = effects.flatMap(({ trade }) => trade ?? []);
    const funded = lots.length > 0 && { funded: this.#journal.positions() };
    return { ...this.#next(), decisions, trades, ...(effects.length > 0 && { summary: this.#summary() }), ...funded };
  }

  #commit(
    journal: JournalRows,
    records: Pick<JournalChange, 'signal' | 'effects'> & { readonly executions: readonly Execution[] },
    symbol: string | undefined,
  ): void {
    const { ledger } = this.#options;
    const exposures = symbol ? [{ symbol, positions: this.#journal.positionsOf(symbol), resting: [] }] : [];
    try {
      ledger.commit({ ...records, exposures, journal });
    } catch (error) {
      if (error instanceof LedgerUnwritable) this.#journal = this.#restored();
      throw error;
    }
  }

  /** The trade of a closed position with one more flow; undefined if its money stays the same. */
  #amended(lot: LiveLot, flow: AccountFlow): AmendedTrade | undefined {
    const journal = this.#options.ledger.journal();
    const trade = liveTradeOf(lot, [...journal.flowsOf(lot), flow]);
    const before = trade && journal.tradeOf(trade.exit_signal_id);
    if (trade === undefined || before === undefined || isSameMoney(trade, before)) return undefined;
    const decision = journal.decisionOf(trade.exit_signal_id);
    const { gross_pnl, fees, funding, realized_pnl } = closedFigures(trade, undefined);
    return { trade, decision: decision && { ...decision, gross_pnl, fees, funding, realized_pnl } };
  }

  #next(): ProjectionChange {
    this.#no += 1;
    this.#updatedTs = this.#options.now();
    const nothing = { decisions: [], refusals: [], trades: [], executions: [], updates: [] };
    return { no: this.#no, ...nothing, sizes: this.#sizes() };
  }

  #sizes(): ProjectionState['sizes'] {
    const [decisions, refusals] = [this.#board.decisions().length, this.#board.refusals().length];
    return { decisions, refusals, positions: 0, orders: 0 };
  }

  #summary(): PerformanceSummary | undefined {
    const isKnown = this.#options.ledger.journal().startingBalance() !== undefined;
    return isKnown ? this.#board.summary(this.#updatedTs) : undefined;
  }

  #statistics(): PerformanceStatistics {
    return restoredLiveStatistics(this.#options);
  }

  #restored(): JournaledTrading {
    const { run, ledger } = this.#options;
    return new JournaledTrading(run, ledger.journal().state(), (lot) => ledger.journal().flowsOf(lot));
  }
}

const NO_ROWS: JournalRows = { signals: [], ended: [], lots: [], amended: [] };

function isSameMoney(a: ClosedTrade, b: ClosedTrade): boolean {
  return a.gross_pnl === b.gross_pnl && a.fees === b.fees && (a.funding ?? 0) === (b.funding ?? 0);
}
