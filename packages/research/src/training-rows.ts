import type { BacktestOptions } from '@helios/backtest/backtest-options.ts';
import type { PlayableData } from '@helios/backtest/data/playable-data.ts';
import type { PathRecord } from '@helios/backtest/paper-path.ts';
import { playBacktest } from '@helios/backtest/run-backtest.ts';
import { RowCollector } from '@helios/core/features/row-collector.ts';
import { partOfDecision, partOfReport, partOfSignal, partOfTrade } from '@helios/core/features/row-parts.ts';
import { MAX_SHADOWS } from '@helios/core/strategy/follow-up.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { RowPart } from '@helios/shared/domain/row-part.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { GateCode, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { TrainingRow } from '@helios/shared/domain/training-row.ts';
import { longestHoldMs } from './longest-hold.ts';

export interface TrainingRowOptions extends BacktestOptions {
  /** Minimum distance of two candidates of one symbol that the same gate refuses, seconds; by default as close as follow-ups allow. */
  readonly everySec?: number;
}

/**
 * Plays data through the strategy, and yields each candidate with what became of it, in order of completion. A row that a signal opened
 * has the result of its trade, any other one that of its follow-up. Candidates that are still open when the data end have no row.
 */
export async function* trainingRows(data: PlayableData, options: TrainingRowOptions): AsyncGenerator<TrainingRow> {
  const rows: TrainingRow[] = [];
  const collector = new RowCollector();
  const take = (part: RowPart | undefined): void => {
    const row = collector.add(part);
    if (row !== undefined && row.ts >= options.fromTs) rows.push(row);
  };
  let isOver = false;
  const played = playBacktest(data, options, {
    settings: spacedSettings(options),
    collectsFeatures: true,
    onRecord: (record) => take(partOfRecord(record)),
    onReport: (report) => take(partOfReport(report)),
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

function partOfRecord({ kind, content }: PathRecord): RowPart | undefined {
  if (kind === 'SIGNAL') return partOfSignal(content as TradingSignal);
  if (kind === 'DECISION') return partOfDecision(content as Decision);
  return kind === 'TRADE' ? partOfTrade(content as ClosedTrade) : undefined;
}

/** Follow-ups last as long as positions, and only so many run at a time: closer candidates would end each other. */
function spacedSettings({ settings, everySec }: TrainingRowOptions): Settings {
  const closest = Math.ceil((longestHoldMs(settings, []) * GateCode.options.length) / MAX_SHADOWS / 1_000);
  const refusal_log_interval_sec = Math.max(settings.signals.refusal_log_interval_sec, everySec ?? closest);
  return { ...settings, signals: { ...settings.signals, refusal_log_interval_sec } };
}
