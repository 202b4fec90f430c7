import type { PathRecord } from '../path-records.ts';
import { spanText } from '../report/format.ts';
import type { CheckResult } from './check-result.ts';
import { differenceOf, type RecordDifference } from './record-difference.ts';
import { type CheckedBacktest, type RecordedRun, recordRun } from './recorded-run.ts';

const DAY_MS = 86_400_000;
/** EDGE_VS_COST learns from moves over a minute, and needs about three minutes of a lively book. */
const SHORTEST_MS = 240_000;
const MAX_CAUSES = 5;
/** Starts nearer to each other than this share of the data tell the same. */
const NEAR = 0.05;

/** Data that begin later. */
interface LateStart {
  /** First event, epoch ms. */
  readonly sinceTs: number;
  /** First entry of both runs, epoch ms. */
  readonly fromTs: number;
}

interface Comparison extends LateStart {
  readonly compared: number;
  readonly differences: readonly RecordDifference[];
}

/** Length of the warm-up where none is given: three days, or a quarter of shorter data but at least four minutes if that fits, ms. */
export function usualWarmUpMs(firstTs: number, lastTs: number): number {
  const lengthMs = lastTs - firstTs;
  return Math.floor(Math.min(3 * DAY_MS, Math.max(lengthMs / 4, Math.min(SHORTEST_MS, lengthMs / 2))));
}

/**
 * Lets the data begin later, and compares with the whole run from the end of the warm-up. Both runs enter only from then on, so that
 * they start without a position: whatever differs depends on where the data begin.
 */
export async function checkWarmUp(
  checked: CheckedBacktest,
  { result: { firstTs, lastTs } }: RecordedRun,
  warmUpMs: number,
): Promise<CheckResult> {
  const name = 'Warm-up';
  const comparisons: Comparison[] = [];
  for (const sinceTs of startsOf(firstTs, lastTs, warmUpMs)) {
    comparisons.push(await compare(checked, { sinceTs, fromTs: sinceTs + warmUpMs }));
  }
  const isAnyCompared = comparisons.some(({ compared }) => compared > 0);
  if (!isAnyCompared) {
    const why = `After a warm-up of ${spanText(warmUpMs)} no decision is left to compare: name longer data, or a shorter --warm-up.`;
    return { name, verdict: 'NOT_JUDGED', lines: [why] };
  }
  const isEqual = comparisons.every(({ differences }) => differences.every(({ isFigure }) => isFigure));
  return {
    name,
    verdict: isEqual ? 'PASSED' : 'FAILED',
    lines: comparisons.flatMap((one) => linesOf(one, warmUpMs)),
  };
}

/** After a quarter, a half and a day of the data, where enough is left after the warm-up. */
function startsOf(firstTs: number, lastTs: number, warmUpMs: number): readonly number[] {
  const lengthMs = lastTs - firstTs;
  const starts = [0.25 * lengthMs, 0.5 * lengthMs, DAY_MS].map((ms) => Math.floor(firstTs + ms));
  const possible = starts.filter((ts) => ts + warmUpMs < lastTs).toSorted((a, b) => a - b);
  return possible.filter((ts, at) => at === 0 || ts - (possible[at - 1] ?? 0) > NEAR * lengthMs);
}

async function compare(checked: CheckedBacktest, start: LateStart): Promise<Comparison> {
  const { sinceTs, fromTs } = start;
  const whole = await recordRun(checked, { fromTs });
  const late = await recordRun(checked, { fromTs, window: { sinceTs } });
  const [ours, others] = [decisionsAfter(whole.records, fromTs), decisionsAfter(late.records, fromTs)];
  const differences: RecordDifference[] = [];
  for (const key of new Set([...ours.keys(), ...others.keys()])) {
    const [our, other] = [ours.get(key), others.get(key)];
    const difference = our && other ? differenceOf(our, other, ['whole', 'late']) : missing(our, other);
    if (difference !== undefined) differences.push(difference);
  }
  return { ...start, compared: ours.size, differences: differences.toSorted((a, b) => a.ts - b.ts) };
}

function missing(our: PathRecord | undefined, other: PathRecord | undefined): RecordDifference | undefined {
  const one = our ?? other;
  return (
    one && {
      id: one.id,
      ts: one.ts,
      what: one.kind,
      detail: our ? 'only the whole run has it' : 'only the late run has it',
      isFigure: false,
    }
  );
}

/** Signals and refusals after the warm-up, by kind and id. */
function decisionsAfter(records: readonly PathRecord[], fromTs: number): ReadonlyMap<string, PathRecord> {
  const decided = records.filter(({ kind, ts }) => (kind === 'SIGNAL' || kind === 'REFUSAL') && ts >= fromTs);
  return new Map(decided.map((record) => [`${record.kind} ${record.id}`, record]));
}

function linesOf({ sinceTs, fromTs, compared, differences }: Comparison, warmUpMs: number): string[] {
  const start = `Data from ${new Date(sinceTs).toISOString()}, warm-up ${spanText(warmUpMs)}`;
  const others = differences.filter(({ isFigure }) => !isFigure);
  const figures = differences.filter(({ isFigure }) => isFigure);
  const [first, last] = [others[0], others.at(-1)];
  const outcome =
    first === undefined || last === undefined
      ? [compared === 0 ? `${start}: no decision to compare.` : `${start}: all ${compared} decisions are the same.`]
      : [
          `${start}: ${others.length} of ${compared} decisions differ; equal from ${spanText(last.ts - sinceTs)} after the start.`,
          `First difference: ${spanText(first.ts - fromTs)} after the warm-up, ${first.id}, ${first.what}: ${first.detail}.`,
          ...causesOf(others),
        ];
  return figures.length === 0
    ? outcome
    : [...outcome, `${figures.length} decisions are the same, with another figure:`, ...causesOf(figures)];
}

/** Gates and fields that differ, the most frequent first, with one example each. */
function causesOf(differences: readonly RecordDifference[]): string[] {
  const byWhat = [...Map.groupBy(differences, ({ what }) => what)].toSorted(([, a], [, b]) => b.length - a.length);
  return byWhat.slice(0, MAX_CAUSES).map(([what, rows]) => `${what}: ${rows.length}, for example ${rows[0]?.detail}.`);
}
