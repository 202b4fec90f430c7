import { basename } from 'node:path';
import type { RecordingFault } from './recording-fault.ts';
import type { RecordingHead } from './recording-head.ts';

/** Tolerance for the overlap of files: messages of different streams overtake each other by less. */
export const OVERTAKING_MS = 2_000;

/** What decides how files play together; `firstTs` in epoch ms. */
interface Grouped {
  readonly instruments: readonly { readonly symbol: string }[];
  readonly firstTs: number;
}

/**
 * Groups files. Files that share a symbol play one after another, in the order of their first message, whatever order the
 * operator named. Files without a common symbol play in parallel. Each group is one source for the merge.
 */
export function groupBySymbol<T extends Grouped>(heads: readonly T[]): readonly (readonly T[])[] {
  let groups: { symbols: Set<string>; heads: T[] }[] = [];
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

/** Files of a group that begin before the previous one ends: their common part plays twice. */
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
