import type { ExitReason, Side } from '@helios/shared/domain/signal.ts';

/** Maximum length of the entry id inside an exit id; ids may have 120 characters. */
const MAX_BASE = 90;

/** Id of an entry or of a refused trigger; it depends on the time of the decision and its book. */
export function entryId(symbol: string, side: Side, timestamp: number, lastUpdateId: number): string {
  return `${symbol}-${side}-${timestamp}-${lastUpdateId}`;
}

/** Id of an exit: entry id, reason, and from the second attempt on its number. */
export function exitId(entrySignalId: string, reason: ExitReason, attempt: number): string {
  const base = entrySignalId.length <= MAX_BASE ? entrySignalId : shortened(entrySignalId);
  return attempt === 1 ? `${base}-${reason}` : `${base}-${reason}-${attempt}`;
}

/** Shortens a long foreign id; a checksum (FNV-1a, 32 bit) keeps it distinct. */
function shortened(id: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0;
  return `${id.slice(0, MAX_BASE - 9)}-${hash.toString(16).padStart(8, '0')}`;
}
