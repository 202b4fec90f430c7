import { setTimeout as pause } from 'node:timers/promises';
import { Records } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode, ReplayProgress } from '@helios/shared/domain/fleet.ts';
import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { KeepGoing } from './keep-going.ts';
import { describeBooks, hadBook } from './replay-books.ts';

const POLL_MS = 300;
/** Figures count as final if they do not change for this time. */
const QUIET_MS = 1_500;
const MAX_WAIT_MS = 15_000;

/** The bus and the session of the replay. */
interface Asked {
  readonly bus: Bus<'fleet'>;
  readonly mode: FleetMode;
  readonly keepGoing: KeepGoing;
}

/** Result of a replay. */
export interface ReplayResult {
  readonly lines: readonly string[];
  /** False if no symbol ever had a valid book, so that Helios could decide nothing. */
  readonly hadBook: boolean;
}

/**
 * Waits for the end of a session's replay and until its figures are final.
 * @returns the summary; undefined if `signal` aborts first
 */
export async function replaySummary(started: Asked, signal: AbortSignal): Promise<ReplayResult | undefined> {
  const { bus, mode, keepGoing } = started;
  let progress: ReplayProgress | undefined;
  while (progress?.done !== true) {
    if (signal.aborted) return undefined;
    await pause(POLL_MS);
    const read = await keepGoing('read the replay’s progress', () => bus.getRecord(Records.replayProgress));
    if (read?.session === mode.session) progress = read;
  }
  const summary = await settledSummary(started, signal);
  if (signal.aborted) return undefined;
  return { lines: describeReplay(progress, summary), hadBook: hadBook(progress) };
}

async function settledSummary(
  { bus, mode, keepGoing }: Asked,
  signal: AbortSignal,
): Promise<PerformanceSummary | undefined> {
  const deadline = Date.now() + MAX_WAIT_MS;
  let last: PerformanceSummary | undefined;
  let changedMs = Date.now();
  while (Date.now() < deadline && Date.now() - changedMs < QUIET_MS && !signal.aborted) {
    const read = await keepGoing('read the figures', () => bus.getRecord(Records.simulatedPnl));
    if (read?.run === mode.run && figuresOf(read) !== figuresOf(last)) {
      last = read;
      changedMs = Date.now();
    }
    await pause(POLL_MS);
  }
  return last;
}

/** The figures without the time of writing, which always changes. */
const figuresOf = (summary: PerformanceSummary | undefined): string => JSON.stringify({ ...summary, updated_ts: 0 });

const money = (value: number): string => value.toFixed(4);
const optional = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? '–';

/** Result of a replay, as lines for the operator. */
export function describeReplay(progress: ReplayProgress, summary: PerformanceSummary | undefined): string[] {
  const lines = [
    'The replay has reached the end of the recording.',
    `  lines ${progress.lines} (${progress.bad_lines} unreadable) · gaps ${progress.gaps} · best bid/ask compared ${progress.tops_compared}, different ${progress.tops_different}`,
  ];
  for (const { file, line, detail } of progress.broken_off ?? [])
    lines.push(
      `  ${file} is unreadable after line ${line} (${detail}). Helios did not play the rest. Record it again.`,
    );
  lines.push(...describeBooks(progress));
  if (summary === undefined) return [...lines, '  No signal was recorded.'];
  return [
    ...lines,
    `  signals ${summary.signals} · trades ${summary.total_trades} (${summary.wins} won, ${summary.losses} lost, ${summary.win_rate.toFixed(1)} %) · replaced ${summary.replaced} · missed ${summary.missed} · denied ${summary.denied} · orphan exits ${summary.orphan_exits}`,
    `  PnL after fees ${money(summary.total_pnl)} (gross ${money(summary.gross_pnl)}, fees ${money(summary.total_fees)}, funding ${money(summary.total_funding)}) · equity ${money(summary.equity)}`,
    `  max drawdown ${summary.max_drawdown_pct.toFixed(3)} % · profit factor ${optional(summary.profit_factor, 2)} · expectancy ${optional(summary.expectancy, 4)} · Sharpe ${optional(summary.sharpe, 2)}`,
  ];
}
