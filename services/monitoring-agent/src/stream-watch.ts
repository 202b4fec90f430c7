import type { FleetMode, ReplayProgress } from '@helios/shared/domain/fleet.ts';
import type { Condition } from './alert-codes.ts';

/** Watches that every watched symbol has a young book. All times are market time: the wall's, or a replay's frames'. */
export interface StreamWatch {
  onWatchlist(symbols: readonly string[], nowMs: number): void;
  onBook(symbol: string, nowMs: number): void;
  onSessionEnd(symbol: string): void;
  /** `sinceMs`: silence counts from here at the earliest; until then it is undecided. */
  check(nowMs: number, sinceMs: number): Condition[];
}

/** What is known of one watched symbol. */
interface Watched {
  /** Time of its last book, or of its entering the watchlist; undefined: no book is expected now. */
  readonly ts: number | undefined;
  readonly hasBook: boolean;
}

export function createStreamWatch(staleMs: number, mode: FleetMode): StreamWatch {
  const replay = mode.source?.kind === 'replay';
  const service = mode.mode === 'public' ? 'public-price-ingestor' : 'data-ingestor';
  const bySymbol = new Map<string, Watched>();

  return {
    onWatchlist(symbols, nowMs) {
      const watched = new Set(symbols);
      for (const symbol of bySymbol.keys()) if (!watched.has(symbol)) bySymbol.delete(symbol);
      // A recording need not begin with every symbol in it.
      const fresh: Watched = { ts: replay ? undefined : nowMs, hasBook: false };
      for (const symbol of watched) if (!bySymbol.has(symbol)) bySymbol.set(symbol, fresh);
    },
    onBook(symbol, nowMs) {
      if (bySymbol.has(symbol)) bySymbol.set(symbol, { ts: nowMs, hasBook: true });
    },
    onSessionEnd(symbol) {
      // Only a recording's session ends for good; a live stream that ends is stale.
      if (replay && bySymbol.has(symbol)) bySymbol.set(symbol, { ts: undefined, hasBook: true });
    },
    check(nowMs, sinceMs) {
      const conditions: Condition[] = [];
      for (const [symbol, { ts, hasBook }] of bySymbol) {
        if (ts === undefined) continue;
        if (hasBook && nowMs - ts <= staleMs) continue;
        const undecided = nowMs - Math.max(ts, sinceMs) <= staleMs;
        const message = `${symbol} has had no order book for ${Math.round((nowMs - ts) / 1_000)} s.`;
        conditions.push({ code: 'STREAM_STALE', service, subject: symbol, message, undecided });
      }
      return conditions;
    },
  };
}

/** Watches that a lock-step replay moves. Wall time. */
export function createReplayWatch(staleMs: number, mode: FleetMode) {
  const lockStep = mode.source?.kind === 'replay' && mode.source.speed === 'max';
  let seq: number | undefined;
  let movedTs = 0;
  let hasMoved = false;

  /** `undefined` while all is well. `sinceMs`: standing still counts from here at the earliest. */
  return (progress: ReplayProgress | undefined, nowMs: number, sinceMs: number): Condition | undefined => {
    if (!lockStep || !progress || progress.session !== mode.session || progress.done) return undefined;
    if (progress.seq !== seq) {
      hasMoved = seq !== undefined;
      seq = progress.seq;
      movedTs = nowMs;
    }
    const stillMs = nowMs - movedTs;
    if (hasMoved && stillMs <= staleMs) return undefined;
    const undecided = nowMs - Math.max(movedTs, sinceMs) <= staleMs;
    const message = `The replay has stood at frame ${seq} for ${Math.round(stillMs / 1_000)} s.`;
    return { code: 'REPLAY_STALLED', service: 'data-ingestor', subject: 'replay', message, undecided };
  };
}
