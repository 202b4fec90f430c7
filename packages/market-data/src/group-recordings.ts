import type { RecordingHead } from './recording-head.ts';

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
