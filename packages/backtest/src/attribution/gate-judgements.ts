import { GateCode } from '@helios/shared/domain/signal.ts';
import type { BacktestResult, ReportedDecision, ReportedRefusal } from '../backtest-result.ts';
import { type MeanWithError, meanWithError } from '../statistics/mean-error.ts';
import { MIN_VALUES } from '../statistics/stationary-bootstrap.ts';
import type { JudgedTrade } from './judged-trade.ts';

/**
 * What the counterfactuals say about a gate. HELPS: what it refuses is worse than what is taken, by two standard errors or more.
 * HARMS: it is better by as much. NO_DIFFERENCE: neither can be told. TOO_FEW: fewer than ten results that do not overlap in time, on
 * either side.
 */
export type GateEffect = 'HELPS' | 'HARMS' | 'NO_DIFFERENCE' | 'TOO_FEW';

/** One gate, judged by what its refused triggers would have earned. */
export interface GateJudgement {
  readonly gate: GateCode;
  /** Logged refusals. `missed`: their LIMIT entry would not have filled. `open`: their shadow did not end. */
  readonly refused: number;
  readonly missed: number;
  readonly open: number;
  /** Net result of refused triggers whose shadow filled and ended, basis points. */
  readonly netBp: MeanWithError;
  /** Taken minus refused, basis points, with its standard error; absent without both. */
  readonly difference?: { readonly mean: number; readonly error: number };
  readonly effect: GateEffect;
  /** Net result of trades that were taken although the gate, which only observed, would have refused them. */
  readonly observed: MeanWithError;
}

/** Standard errors that make a difference. */
const MIN_ERRORS = 2;

/** The gates that refused or observed something, in the order in which they run. */
export function judgeGates(
  { refusals, decisions }: Pick<BacktestResult, 'refusals' | 'decisions'>,
  trades: readonly JudgedTrade[],
): GateJudgement[] {
  const taken = timedMean(trades.map(({ trade, netBp }) => ({ from: trade.entry_ts, to: trade.exit_ts, netBp })));
  const byGate = Map.groupBy(refusals, ({ refused_by }) => refused_by);
  const observers = observersOf(decisions);
  return GateCode.options.flatMap((gate) => {
    const refused = byGate.get(gate) ?? [];
    const observed = trades.filter(({ trade }) => observers.get(trade.entry_signal_id)?.has(gate));
    if (refused.length === 0 && observed.length === 0) return [];
    return [{ ...judge(gate, refused, taken), observed: meanWithError(observed.map(({ netBp }) => netBp)) }];
  });
}

function judge(gate: GateCode, refused: readonly ReportedRefusal[], taken: TimedMean): Omit<GateJudgement, 'observed'> {
  const ended = refused.flatMap(({ timestamp, follow_up }) => (follow_up ? [{ timestamp, follow_up }] : []));
  const filled = ended.filter(({ follow_up }) => follow_up.outcome !== 'MISSED');
  const results = timedMean(
    filled.map(({ timestamp, follow_up }) => ({ from: timestamp, to: follow_up.exit_ts, netBp: follow_up.net_bp })),
  );
  const { netBp } = results;
  const difference = differenceOf(taken.netBp, netBp);
  return {
    gate,
    refused: refused.length,
    missed: ended.length - filled.length,
    open: refused.length - ended.length,
    netBp,
    ...(difference && { difference }),
    effect: effectOf(Math.min(taken.apart, results.apart), difference),
  };
}

interface TimedResult {
  readonly from: number;
  readonly to: number;
  readonly netBp: number;
}

interface TimedMean {
  readonly netBp: MeanWithError;
  /** Number of results that do not overlap in time. */
  readonly apart: number;
}

/** Shadows of one market move share their result, so the error counts how many usually run at once. */
function timedMean(results: readonly TimedResult[]): TimedMean {
  const ordered = results.toSorted((a, b) => a.from - b.from);
  const held = ordered.reduce((sum, { from, to }) => sum + (to - from), 0);
  const start = ordered[0]?.from ?? 0;
  const end = ordered.reduce((latest, { to }) => Math.max(latest, to), start);
  const overlap = end > start ? Math.max(1, held / (end - start)) : 1;
  const netBps = ordered.map(({ netBp }) => netBp);
  return { netBp: meanWithError(netBps, overlap), apart: netBps.length / overlap };
}

function differenceOf(taken: MeanWithError, refused: MeanWithError): GateJudgement['difference'] {
  if (taken.mean === undefined || taken.error === undefined) return undefined;
  if (refused.mean === undefined || refused.error === undefined) return undefined;
  return { mean: taken.mean - refused.mean, error: Math.hypot(taken.error, refused.error) };
}

function effectOf(apart: number, difference: GateJudgement['difference']): GateEffect {
  if (difference === undefined || apart < MIN_VALUES) return 'TOO_FEW';
  if (difference.mean >= MIN_ERRORS * difference.error) return 'HELPS';
  return difference.mean <= -MIN_ERRORS * difference.error ? 'HARMS' : 'NO_DIFFERENCE';
}

function observersOf(decisions: readonly ReportedDecision[]): ReadonlyMap<string, ReadonlySet<GateCode>> {
  return new Map(
    decisions.flatMap(({ decision_id, gates = [] }) => {
      const observing = gates.filter(({ outcome }) => outcome === 'OBSERVED').map(({ gate }) => gate);
      return observing.length === 0 ? [] : [[decision_id, new Set(observing)] as const];
    }),
  );
}
