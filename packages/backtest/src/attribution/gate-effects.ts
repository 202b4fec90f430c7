import { GateCode } from '@helios/shared/domain/signal.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import type { BacktestResult } from '../backtest-result.ts';
import { quantileOf } from '../statistics/moments.ts';
import type { JudgedTrade } from './judged-trade.ts';

const DAY_MS = 86_400_000;
const RESAMPLES = 2_000;
/** Fewer days with refused and passed candidates tell nothing. */
const MIN_DAYS = 10;

/** Net results of candidates, basis points. */
interface Side {
  readonly count: number;
  readonly mean?: number;
}

/**
 * What a gate separates. HELPS: what it refuses is worse than what it passes, and the 95 % interval of the difference lies above zero.
 * HARMS: it lies below. NOTHING: it contains zero. TOO_FEW: fewer than ten days with both.
 */
export interface GateSeparation {
  readonly gate: GateCode;
  /** Refused triggers whose shadow filled and ended. */
  readonly refused: Side;
  /** Candidates that passed it or on which it abstained: trades, and ended shadows of what a later gate refused. */
  readonly passed: Side;
  /** Days with at least one candidate of each kind. */
  readonly days: number;
  /** Passed minus refused, basis points, with standard error and 95 % interval. */
  readonly difference?: { readonly value: number; readonly error: number; readonly low: number; readonly high: number };
  readonly effect: 'HELPS' | 'HARMS' | 'NOTHING' | 'TOO_FEW';
}

/** Candidates of one day: number and sum of net results, basis points. */
interface DaySums {
  refused: number;
  refusedBp: number;
  passed: number;
  passedBp: number;
}

/** One candidate; `reached`: index of the gate that refused it, or the number of gates if it was taken. */
interface Candidate {
  readonly day: number;
  readonly reached: number;
  readonly netBp: number;
}

/** Sources of candidates; results of several symbols may be put together, because days are resampled with all of theirs. */
export interface GateEvidence {
  readonly refusals: BacktestResult['refusals'];
  readonly trades: readonly JudgedTrade[];
}

/**
 * The separation of each gate that refused something, in the order in which gates run. Errors come from a bootstrap of whole days
 * (UTC), so candidates of one day, which share its market, count together. The same label gives the same resamples.
 */
export function gateSeparations(evidence: readonly GateEvidence[], label: string): GateSeparation[] {
  const candidates = evidence.flatMap(candidatesOf);
  return GateCode.options.flatMap((gate, index) => {
    if (!candidates.some(({ reached }) => reached === index)) return [];
    return [separationOf(gate, index, candidates, `${label}:${gate}`)];
  });
}

function candidatesOf({ refusals, trades }: GateEvidence): Candidate[] {
  const dayOf = (ts: number) => Math.floor(ts / DAY_MS);
  const refused = refusals.flatMap(({ timestamp, refused_by, follow_up }) => {
    if (refused_by === undefined || follow_up === undefined || follow_up.outcome === 'MISSED') return [];
    return [{ day: dayOf(timestamp), reached: GateCode.options.indexOf(refused_by), netBp: follow_up.net_bp }];
  });
  const reached = GateCode.options.length;
  return [...refused, ...trades.map(({ trade, netBp }) => ({ day: dayOf(trade.entry_ts), reached, netBp }))];
}

function separationOf(gate: GateCode, index: number, candidates: readonly Candidate[], label: string): GateSeparation {
  const days = new Map<number, DaySums>();
  for (const { day, reached, netBp } of candidates) {
    if (reached < index) continue;
    const sums = days.get(day) ?? { refused: 0, refusedBp: 0, passed: 0, passedBp: 0 };
    days.set(day, sums);
    if (reached === index) {
      sums.refused += 1;
      sums.refusedBp += netBp;
    } else {
      sums.passed += 1;
      sums.passedBp += netBp;
    }
  }
  const sums = [...days].toSorted(([a], [b]) => a - b).map(([, of]) => of);
  const total = totalOf(sums);
  const both = sums.filter(({ refused, passed }) => refused > 0 && passed > 0).length;
  const difference = both < MIN_DAYS ? undefined : bootstrap(sums, label);
  return {
    gate,
    refused: sideOf(total.refused, total.refusedBp),
    passed: sideOf(total.passed, total.passedBp),
    days: both,
    ...(difference && { difference }),
    effect: effectOf(difference),
  };
}

function effectOf(difference: GateSeparation['difference']): GateSeparation['effect'] {
  if (difference === undefined) return 'TOO_FEW';
  if (difference.low > 0) return 'HELPS';
  return difference.high < 0 ? 'HARMS' : 'NOTHING';
}

function sideOf(count: number, sumBp: number): Side {
  return count === 0 ? { count } : { count, mean: sumBp / count };
}

function totalOf(days: readonly DaySums[]): DaySums {
  const total = { refused: 0, refusedBp: 0, passed: 0, passedBp: 0 };
  for (const day of days) {
    total.refused += day.refused;
    total.refusedBp += day.refusedBp;
    total.passed += day.passed;
    total.passedBp += day.passedBp;
  }
  return total;
}

function differenceIn({ refused, refusedBp, passed, passedBp }: DaySums): number | undefined {
  return refused === 0 || passed === 0 ? undefined : passedBp / passed - refusedBp / refused;
}

/** Percentile bootstrap over days (Efron 1979): all candidates of a drawn day come together. */
function bootstrap(days: readonly DaySums[], label: string): GateSeparation['difference'] {
  const value = differenceIn(totalOf(days));
  if (value === undefined) return undefined;
  const rng = new Rng(label);
  const none: DaySums = { refused: 0, refusedBp: 0, passed: 0, passedBp: 0 };
  const draws: number[] = [];
  for (let round = 0; round < RESAMPLES; round += 1) {
    const drawn = differenceIn(totalOf(days.map(() => days[rng.below(days.length)] ?? none)));
    if (drawn !== undefined) draws.push(drawn);
  }
  draws.sort((a, b) => a - b);
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  const error = Math.sqrt(draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (draws.length - 1));
  return { value, error, low: quantileOf(draws, 0.025) ?? value, high: quantileOf(draws, 0.975) ?? value };
}
