import type { PerformanceStatistics } from '@helios/core/portfolio/statistics.ts';
import type { SimulatorEffect } from '@helios/core/trading/simulator-port.ts';
import { Lists } from '@helios/shared/contracts/catalog.ts';
import type { Decision, RefusalReport } from '@helios/shared/domain/decision.ts';
import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import type { Ledger } from './ledger/ledger.ts';
import { type ListChange, RecentDecisions } from './recent-decisions.ts';

interface Options {
  readonly ledger: Ledger;
  readonly statistics: PerformanceStatistics;
  /** Decisions of an earlier statistics epoch whose orders still rest. Their outcomes do not count; their trades do. */
  readonly former: readonly string[];
}

/** The newest decisions and refusals, and the statistics of the recorded trades, simulated or live. */
export class RecordBoard {
  readonly #ledger: Ledger;
  readonly #decisions: RecentDecisions;
  readonly #refusals: RecentDecisions;
  readonly #former: ReadonlySet<string>;
  #statistics: PerformanceStatistics;

  constructor({ ledger, statistics, former }: Options) {
    const { decisionLogs, decisionRefusals } = Lists;
    this.#ledger = ledger;
    this.#statistics = statistics;
    this.#former = new Set(former);
    this.#decisions = new RecentDecisions(decisionLogs.maxLength, ledger.recentDecisions(decisionLogs.maxLength));
    this.#refusals = new RecentDecisions(decisionRefusals.maxLength, ledger.recentRefusals(decisionRefusals.maxLength));
  }

  /** Newest first. */
  decisions(): readonly Decision[] {
    return this.#decisions.all();
  }

  refusals(): readonly Decision[] {
    return this.#refusals.all();
  }

  summary(nowMs: number): PerformanceSummary {
    return this.#statistics.summary(nowMs);
  }

  /** Counts committed effects; returns the changes of the list. */
  record(effects: readonly SimulatorEffect[]): ListChange[] {
    for (const { decision, isNew, trade } of effects) {
      if (!this.#former.has(decision.decision_id)) this.#statistics.addOutcome(decision.outcome, isNew);
      if (trade) this.#statistics.addTrade(trade);
    }
    return effects.flatMap(
      ({ decision, isNew }) => (isNew ? this.#decisions.add(decision) : this.#decisions.replace(decision)) ?? [],
    );
  }

  /** Replaces the statistics, after recorded trades were corrected, and the decisions with them. */
  restate(statistics: PerformanceStatistics, decisions: readonly Decision[]): ListChange[] {
    this.#statistics = statistics;
    return decisions.flatMap((decision) => this.#decisions.replace(decision) ?? []);
  }

  /** Stores a refusal or its follow-up; undefined if this changes nothing. @throws LedgerUnwritable */
  onRefusal(report: RefusalReport): ListChange | undefined {
    if (report.kind === 'REFUSED') {
      const { decision } = report;
      return this.#ledger.addRefusal(decision) ? this.#refusals.add(decision) : undefined;
    }
    if (report.kind === 'MOVED') return undefined;
    const followed = this.#ledger.followUp(report.decision_id, report.follow_up);
    return followed && this.#refusals.replace(followed);
  }
}
