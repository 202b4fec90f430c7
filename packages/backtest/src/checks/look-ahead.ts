import type { DataCut } from '../data/market-target.ts';
import type { PathRecord } from '../path-records.ts';
import type { CheckResult } from './check-result.ts';
import { differenceOf, type RecordDifference } from './record-difference.ts';
import { type CheckedBacktest, type RecordedRun, recordRun } from './recorded-run.ts';

/**
 * Cuts the data right after a decision, plays what is left, and compares everything up to there. Whatever differs knew the future.
 * Half of the cuts are at signals, half at refusals, spread over the data.
 */
export async function checkLookAhead(checked: CheckedBacktest, whole: RecordedRun, cuts: number): Promise<CheckResult> {
  const name = 'Look-ahead';
  const places = cutsOf(whole.records, cuts);
  if (places.length === 0) {
    return { name, verdict: 'NOT_JUDGED', lines: ['The run made no decision, so there is nothing to compare.'] };
  }
  let compared = 0;
  for (const cut of places) {
    const past = whole.records.filter(({ frame }) => frame <= cut.frames);
    const { records } = await recordRun(checked, { window: { cut } });
    // A truncated run ends with its cut; only orders that were still on their way may arrive after it.
    const difference = firstDifference(
      past,
      records.filter(({ frame }) => frame <= cut.frames),
    );
    compared += past.length;
    if (difference !== undefined) return { name, verdict: 'FAILED', lines: failure(cut, difference) };
  }
  const lines = [
    `The future was cut off ${places.length} times, each time right after a decision: all ${compared} acts before are the same.`,
  ];
  return { name, verdict: 'PASSED', lines };
}

function failure(cut: DataCut, { id, ts, what, detail }: RecordDifference): string[] {
  return [
    `Without the data after ${new Date(cut.ts).toISOString()} an earlier decision is another one: it knew the future.`,
    `First difference: ${new Date(ts).toISOString()}, ${id}, ${what}: ${detail}.`,
  ];
}

/** The first place where two runs part; undefined if they are equal. */
function firstDifference(whole: readonly PathRecord[], cut: readonly PathRecord[]): RecordDifference | undefined {
  for (let at = 0; at < Math.max(whole.length, cut.length); at += 1) {
    const [ours, other] = [whole[at], cut[at]];
    if (ours === undefined || other === undefined) {
      const one = ours ?? other;
      const lacks = ours === undefined ? 'only the cut run has it' : 'only the whole run has it';
      return one && { id: one.id, ts: one.ts, what: one.kind, detail: lacks, isFigure: false };
    }
    const difference = differenceOf(ours, other, ['whole', 'cut']);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function cutsOf(records: readonly PathRecord[], count: number): readonly DataCut[] {
  const signals = records.filter(({ kind }) => kind === 'SIGNAL');
  const refusals = records.filter(({ kind }) => kind === 'REFUSAL');
  const half = Math.ceil(count / 2);
  const atSignals = spread(signals, Math.max(half, count - refusals.length));
  const chosen = [...atSignals, ...spread(refusals, count - atSignals.length)];
  const byFrame = new Map(chosen.map(({ frame, ts }) => [frame, { frames: frame, ts }]));
  return [...byFrame.values()].toSorted((a, b) => a.frames - b.frames);
}

/** At most `count` of the values, evenly spread, without the ends where possible. */
function spread<T>(values: readonly T[], count: number): readonly T[] {
  if (values.length <= count) return values;
  return Array.from({ length: count }, (_, n) => values[Math.floor(((n + 0.5) * values.length) / count)]).filter(
    (value): value is T => value !== undefined,
  );
}
