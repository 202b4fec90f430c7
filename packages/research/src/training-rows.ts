import type { BacktestOptions } from '@helios/backtest/backtest-options.ts';
import type { PlayableData } from '@helios/backtest/data/playable-data.ts';
import type { PathRecord } from '@helios/backtest/path-records.ts';
import { playBacktest } from '@helios/backtest/run-backtest.ts';
import { RowCollector } from '@helios/core/features/row-collector.ts';
import { partOfDecision, partOfReport, partOfSignal, partOfTrade } from '@helios/core/features/row-parts.ts';
import { MAX_SHADOWS } from '@helios/core/strategy/follow-up.ts';
import type { Decision, RefusalReport } from '@helios/shared/domain/decision.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { RowPart } from '@helios/shared/domain/row-part.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { GateCode, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { TrainingRow } from '@helios/shared/domain/training-row.ts';
import { longestHoldMs } from './longest-hold.ts';
import type { ChosenCandidates } from './train/rows/chosen-candidates.ts';

export interface TrainingRowOptions extends BacktestOptions {
  /** Minimum distance of two candidates of one symbol that the same gate refuses, seconds; by default as close as follow-ups allow. */
  readonly everySec?: number;
  /** Which candidates get a row; all by default. */
  readonly chosen?: ChosenCandidates;
}

/**
 * Plays data through the strategy, and yields each candidate with what became of it, in order of completion. A row that a signal opened
 * has the result of its trade, any other one that of its follow-up. Candidates that are still open when the data end, or a gap of them
 * begins, have no row.
 */
export async function* trainingRows(data: PlayableData, options: TrainingRowOptions): AsyncGenerator<TrainingRow> {
  const rows: TrainingRow[] = [];
  const parts = new ChosenParts(options.chosen);
  const take = (row: TrainingRow | undefined): void => {
    if (row !== undefined && row.ts >= options.fromTs) rows.push(row);
  };
  let isOver = false;
  const played = playBacktest(data, options, {
    settings: spacedSettings(options),
    collectsFeatures: true,
    onRecord: (record) => take(parts.onRecord(record)),
    onReport: (report) => take(parts.onReport(report)),
  }).finally(() => {
    isOver = true;
  });
  // The data are read in parts: rows of one part are handed out while the next one is read.
  try {
    while (!isOver) {
      yield* rows.splice(0);
      await Promise.race([played, new Promise((resolve) => setImmediate(resolve))]);
    }
    await played;
    yield* rows.splice(0);
  } finally {
    // A reader that leaves early leaves no run behind.
    await played.catch(() => undefined);
  }
}

/** Joins the parts of chosen candidates to rows. */
class ChosenParts {
  readonly #collector = new RowCollector();
  readonly #chosen: ChosenCandidates | undefined;
  /** Candidates without a row. */
  readonly #left = new Set<string>();

  constructor(chosen: ChosenCandidates | undefined) {
    this.#chosen = chosen;
  }

  /** The row that a record completes. */
  onRecord({ kind, content }: PathRecord): TrainingRow | undefined {
    if (kind === 'SIGNAL') return this.#open(partOfSignal(content as TradingSignal), content as TradingSignal);
    if (kind === 'DECISION') return this.#add(partOfDecision(content as Decision));
    return kind === 'TRADE' ? this.#add(partOfTrade(content as ClosedTrade)) : undefined;
  }

  /** The row that a report completes. */
  onReport(report: RefusalReport): TrainingRow | undefined {
    const part = partOfReport(report);
    return report.kind === 'REFUSED' ? this.#open(part, report.decision) : this.#add(part);
  }

  #open(
    part: RowPart | undefined,
    proposed: Pick<Decision, 'symbol' | 'timestamp' | 'gates'>,
  ): TrainingRow | undefined {
    if (part === undefined) return undefined;
    if (this.#chosen?.take(proposed) !== false) return this.#collector.add(part);
    this.#left.add(part.id);
    return undefined;
  }

  #add(part: RowPart | undefined): TrainingRow | undefined {
    if (part === undefined) return undefined;
    // Its outcome and its move, or that it has none, may come in any order.
    if (this.#left.has(part.id)) return undefined;
    return this.#collector.add(part);
  }
}

/** Follow-ups last as long as positions, and only so many run at a time: closer candidates would end each other. */
function spacedSettings({ settings, everySec }: TrainingRowOptions): Settings {
  const closest = Math.ceil((longestHoldMs(settings, []) * GateCode.options.length) / MAX_SHADOWS / 1_000);
  const refusal_log_interval_sec = Math.max(settings.signals.refusal_log_interval_sec, everySec ?? closest);
  return { ...settings, signals: { ...settings.signals, refusal_log_interval_sec } };
}
