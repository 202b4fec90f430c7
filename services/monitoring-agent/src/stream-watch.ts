import type { FleetMode, ReplayProgress } from '@helios/shared/domain/fleet.ts';
import type { Condition } from './alert-codes.ts';

/** Watches that every watched symbol has a young book. All times are market time: the wall's, or a replay's frames'. */
export interface StreamWatch {
  onWatchlist(symbols: readonly string[], nowMs: number): void;
  onBook(symbol: string, nowMs: number): void;
  onSessionEnd(symbol: string): void;
  /** `sinceMs`: silence counts from here at the earliest. */
  check(nowMs: number, sinceMs: number): Condition[];
}

export function createStreamWatch(staleMs: number, mode: FleetMode): StreamWatch {
  const replay = mode.source?.kind === 'replay';
  const service = mode.mode === 'public' ? 'public-price-ingestor' : 'data-ingestor';
  /** Symbol → time of its last book, or of its entering the watchlist; undefined: no book is expected now. */
  const lastBook = new Map<string, number | undefined>();

  return {
    onWatchlist(symbols, nowMs) {
      const watched = new Set(symbols);
      for (const symbol of lastBook.keys()) if (!watched.has(symbol)) lastBook.delete(symbol);
      // A recording need not begin with every symbol in it.
      for (const symbol of watched) if (!lastBook.has(symbol)) lastBook.set(symbol, replay ? undefined : nowMs);
    },
    onBook(symbol, nowMs) {
      if (lastBook.has(symbol)) lastBook.set(symbol, nowMs);
    },
    onSessionEnd(symbol) {
      // Only a recording's session ends for good; a live stream that ends is stale.
      if (replay && lastBook.has(symbol)) lastBook.set(symbol, undefined);
    },
    check(nowMs, sinceMs) {
      const conditions: Condition[] = [];
      for (const [symbol, ts] of lastBook) {
        if (ts === undefined) continue;
        const ageMs = nowMs - Math.max(ts, sinceMs);
        if (ageMs <= staleMs) continue;
        const message = `${symbol} has had no order book for ${Math.round((nowMs - ts) / 1_000)} s.`;
        conditions.push({ code: 'STREAM_STALE', service, subject: symbol, message });
      }
      return conditions;
    },
  };
}

/** Watches that a lock-step replay moves. Wall time. */
export function createReplayWatch(staleMs: number, mode: FleetMode) {
  const lockStep = mode.source?.kind === 'replay' && mode.source.speed === 'max';
  let seq = -1;
  let movedTs: number | undefined;

  /** `undefined` while all is well. */
  return (progress: ReplayProgress | undefined, nowMs: number): Condition | undefined => {
    if (!lockStep || !progress || progress.session !== mode.session || progress.done) return undefined;
    if (progress.seq !== seq || movedTs === undefined) {
      seq = progress.seq;
      movedTs = nowMs;
    }
    const stillMs = nowMs - movedTs;
    if (stillMs <= staleMs) return undefined;
    const message = `The replay has stood at frame ${seq} for ${Math.round(stillMs / 1_000)} s.`;
    return { code: 'REPLAY_STALLED', service: 'data-ingestor', subject: 'replay', message };
  };
}
