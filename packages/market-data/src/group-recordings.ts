import { basename } from 'node:path';
import type { RecordingFault } from './recording-fault.ts';
import type { RecordingHead } from './recording-head.ts';

/** Messages of different streams overtake each other by less, so a file may begin a little before the one before it ends. */
const OVERTAKING_MS = 2_000;

/**
 * Files that share a symbol follow one another by their first message, whatever order they were named in;
 * files that share none run side by side. Each group is one source for the merge.
 */
export function groupRecordings(heads: readonly RecordingHead[]): readonly (readonly RecordingHead[])[] {
  let groups: { symbols: Set<string>; heads: RecordingHead[] }[] = [];
  for (const head of heads) {
    const own = { symbols: new Set(head.instruments.map((one) => one.symbol)), heads: [head] };
    const related = groups.filter((group) => [...own.symbols].some((symbol) => group.symbols.has(symbol)));
    for (const group of related) {
      own.symbols = new Set([...own.symbols, ...group.symbols]);
      own.heads = [...group.heads, ...own.heads];
    }
    groups = [...groups.filter((group) => !related.includes(group)), own];
  }
  return groups.map((group) => group.heads.toSorted((a, b) => a.firstTs - b.firstTs));
}

/** Files of a group that begin before the one before them has ended: what both hold is played twice. */
export function overlapsIn(group: readonly RecordingHead[]): readonly RecordingFault[] {
  const faults: RecordingFault[] = [];
  let longest: RecordingHead | undefined;
  for (const head of group) {
    const overlapMs = longest === undefined ? 0 : longest.lastTs - head.firstTs;
    if (longest !== undefined && overlapMs > OVERTAKING_MS) {
      const detail = `it begins ${Math.round(overlapMs / 1_000)} s before ${basename(longest.file)} ends, of the same symbol`;
      faults.push({ kind: 'OVERLAPPING_FILES', file: head.file, line: 1, detail });
    }
    if (longest === undefined || head.lastTs > longest.lastTs) longest = head;
  }
  return faults;
}
