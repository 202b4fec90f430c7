import type { CacheContent } from '@helios/market-data/cache/cache-content.ts';
import { counted, figure, spanText } from '../report/format.ts';

/** Faults that are listed; a result of a backtest lists all. */
const MAX_FAULTS = 10;

/** Lines about a complete cache. */
export function importedLines(content: Omit<CacheContent, 'chunks'>, out: string, bytes: number): string[] {
  const { instruments, firstTs, lastTs, frames, events, faults, sources } = content;
  const symbols = instruments.map(
    ({ symbol, tick_size, step_size }) => `${symbol} (tick ${tick_size}, step ${step_size})`,
  );
  const counts = Object.entries(events).map(([type, count]) => `${figure(count, 0)} ${type}`);
  return [
    `${counted(sources.length, 'file')}, ${counted(frames, 'message')}, ${symbols.join(', ')}`,
    `${new Date(firstTs).toISOString()}, ${spanText(lastTs - firstTs)}`,
    `Events: ${counts.length === 0 ? 'none' : counts.join(', ')}`,
    ...faults.slice(0, MAX_FAULTS).map(({ kind, file, line, detail }) => `  ${kind} ${file}, line ${line}: ${detail}`),
    ...(faults.length > MAX_FAULTS ? [`  and ${faults.length - MAX_FAULTS} more faults`] : []),
    `Wrote ${out}, ${figure(bytes / 1e6, 1)} MB. Play it: npm run backtest -- --data ${out}`,
  ];
}
