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

/** Candidates of one symbol on one day: number and sum of net results, basis points. */
interface Sums {
  refused: number;
  refusedBp: number;
  passed: number;
  passedBp: number;
}

/** One candidate; `reached`: index of the gate that refused it, or the number of gates if it was taken. */
interface Candidate {
  readonly symbol: string;
  readonly day: number;
  readonly reached: number;
  readonly netBp: number;
}

/** Sums of a day by symbol. */
type Day = ReadonlyMap<string, Sums>;

/** Sources of candidates. */
export interface GateEvidence {
  readonly refusals: BacktestResult['refusals'];
  readonly trades: readonly JudgedTrade[];
}

/**
 * The separation of each gate that refused something, in the order in which gates run. Candidates are compared within their symbol,
 * because symbols differ in costs; each symbol weighs by what the gate refused on it. Errors come from a bootstrap of whole days
 * (UTC): candidates of one day share its market. The same label gives the same resamples.
 */
export function gateSeparations({ refusals, trades }: GateEvidence, label: string): GateSeparation[] {
  const candidates = [...refusedOf(refusals), ...takenOf(trades)];
  return GateCode.options.flatMap((gate, index) => {
    if (!candidates.some(({ reached }) => reached === index)) return [];
    return [separationOf(gate, index, candidates, `${label}:${gate}`)];
  });
}

const dayOf = (ts: number) => Math.floor(ts / DAY_MS);

function refusedOf(refusals: GateEvidence['refusals']): Candidate[] {
  return refusals.flatMap(({ symbol, timestamp, refused_by, follow_up }) => {
    if (refused_by === undefined || follow_up === undefined || follow_up.outcome === 'MISSED') return [];
    return [{ symbol, day: dayOf(timestamp), reached: GateCode.options.indexOf(refused_by), netBp: follow_up.net_bp }];
  });
}

function takenOf(trades: readonly JudgedTrade[]): Candidate[] {
  const reached = GateCode.options.length;
  return trades.map(({ trade, netBp }) => ({ symbol: trade.symbol, day: dayOf(trade.entry_ts), reached, netBp }));
}

function separationOf(gate: GateCode, index: number, candidates: readonly Candidate[], label: string): GateSeparation {
  const days = daysOf(index, candidates);
  const total = [...sumsOf(days).values()];
  const sum = (of: (sums: Sums) => number) => total.reduce((all, sums) => all + of(sums), 0);
  const both = days.filter((day) => [...day.values()].some(({ refused, passed }) => refused > 0 && passed > 0)).length;
  const difference = both < MIN_DAYS ? undefined : bootstrap(days, label);
  return {
    gate,
    refused: sideOf(
      sum(({ refused }) => refused),
      sum(({ refusedBp }) => refusedBp),
    ),
    passed: sideOf(
      sum(({ passed }) => passed),
      sum(({ passedBp }) => passedBp),
    ),
    days: both,
    ...(difference && { difference }),
    effect: effectOf(difference),
  };
}

/** The days with a candidate that the gate judged, oldest first. */
function daysOf(index: number, candidates: readonly Candidate[]): Day[] {
  const days = new Map<number, Map<string, Sums>>();
  for (const { symbol, day, reached, netBp } of candidates) {
    if (reached < index) continue;
    const own = days.get(day) ?? new Map<string, Sums>();
    days.set(day, own);
    const sums = own.get(symbol) ?? nothing();
    own.set(symbol, sums);
    if (reached === index) {
      sums.refused += 1;
      sums.refusedBp += netBp;
    } else {
      sums.passed += 1;
      sums.passedBp += netBp;
    }
  }
  return [...days].toSorted(([a], [b]) => a - b).map(([, own]) => own);
}

function effectOf(difference: GateSeparation['difference']): GateSeparation['effect'] {
  if (difference === undefined) return 'TOO_FEW';
  if (difference.low > 0) return 'HELPS';
  return difference.high < 0 ? 'HARMS' : 'NOTHING';
}

function sideOf(count: number, sumBp: number): Side {
  return count === 0 ? { count } : { count, mean: sumBp / count };
}

const nothing = (): Sums => ({ refused: 0, refusedBp: 0, passed: 0, passedBp: 0 });

function sumsOf(days: readonly Day[]): ReadonlyMap<string, Sums> {
  const total = new Map<string, Sums>();
  for (const day of days) {
    for (const [symbol, sums] of day) {
      const all = total.get(symbol) ?? nothing();
      total.set(symbol, all);
      all.refused += sums.refused;
      all.refusedBp += sums.refusedBp;
      all.passed += sums.passed;
      all.passedBp += sums.passedBp;
    }
  }
  return total;
}

/** Mean of passed minus refused within each symbol, weighted by its refused candidates; undefined if no symbol has both. */
function differenceIn(days: readonly Day[]): number | undefined {
  let [weight, sum] = [0, 0];
  for (const { refused, refusedBp, passed, passedBp } of sumsOf(days).values()) {
    if (refused === 0 || passed === 0) continue;
    weight += refused;
    sum += refused * (passedBp / passed - refusedBp / refused);
  }
  return weight === 0 ? undefined : sum / weight;
}

/** Percentile bootstrap over days (Efron 1979): all candidates of a drawn day come together. */
function bootstrap(days: readonly Day[], label: string): GateSeparation['difference'] {
  const value = differenceIn(days);
  if (value === undefined) return undefined;
  const rng = new Rng(label);
  const draws: number[] = [];
  for (let round = 0; round < RESAMPLES; round += 1) {
    const drawn = differenceIn(days.flatMap(() => days[rng.below(days.length)] ?? []));
    if (drawn !== undefined) draws.push(drawn);
  }
  draws.sort((a, b) => a - b);
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  const error = Math.sqrt(draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / Math.max(1, draws.length - 1));
  return { value, error, low: quantileOf(draws, 0.025) ?? value, high: quantileOf(draws, 0.975) ?? value };
}
