import { ageOf } from '@helios/shared/domain/age.ts';
import type { FleetMode, ReplayProgress } from '@helios/shared/domain/fleet.ts';
import type { Condition } from './alert-codes.ts';

/** Detects watched symbols without a fresh book. All times are market time: the wall clock, or a replay's frame times. */
export interface StreamWatch {
  onWatchlist(symbols: readonly string[], nowMs: number): void;
  onBook(symbol: string, nowMs: number): void;
  onSessionEnd(symbol: string): void;
  /** Symbols whose last book is fresh. */
  symbolsWithBook(nowMs: number): readonly string[];
  /** `sinceMs`: silence counts from here at the earliest. */
  check(nowMs: number, sinceMs: number): Condition[];
}

/** What is known of one watched symbol. */
interface Watched {
  /** Time of its last book, or when it joined the watchlist; undefined: no book is expected now. */
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
      // A recording may start later for some symbols.
      const fresh: Watched = { ts: replay ? undefined : nowMs, hasBook: false };
      for (const symbol of watched) if (!bySymbol.has(symbol)) bySymbol.set(symbol, fresh);
    },
    onBook(symbol, nowMs) {
      if (bySymbol.has(symbol)) bySymbol.set(symbol, { ts: nowMs, hasBook: true });
    },
    onSessionEnd(symbol) {
      // Only a recorded session ends for good; a live stream that ends is stale.
      if (replay && bySymbol.has(symbol)) bySymbol.set(symbol, { ts: undefined, hasBook: true });
    },
    symbolsWithBook(nowMs) {
      return [...bySymbol].flatMap(([symbol, { ts, hasBook }]) =>
        hasBook && ts !== undefined && nowMs - ts <= staleMs ? [symbol] : [],
      );
    },
    check(nowMs, sinceMs) {
      const silent: Silent[] = [];
      for (const [symbol, { ts, hasBook }] of bySymbol) {
        const ageMs = ts === undefined ? undefined : ageOf(ts, nowMs);
        if (ts === undefined || (hasBook && ageMs !== undefined && ageMs <= staleMs)) continue;
        // A stamp in the future: the clock was set back, and silence counts from then.
        const undecided = nowMs - (ageMs === undefined ? sinceMs : Math.max(ts, sinceMs)) <= staleMs;
        silent.push({ symbol, seconds: Math.round((ageMs ?? nowMs - sinceMs) / 1_000), undecided });
      }
      const decided = silent.filter(({ undecided }) => !undecided);
      const shown = decided.length > 0 ? decided : silent;
      return shown.length > 0 ? [staleOf(shown, bySymbol.size, service)] : [];
    },
  };
}

interface Silent {
  readonly symbol: string;
  readonly seconds: number;
  readonly undecided: boolean;
}

const MAX_NAMED = 10;

/** One condition for all silent symbols: the symbols of one connection fall silent together. */
function staleOf(silent: readonly Silent[], watched: number, service: string): Condition {
  const [first] = silent;
  const named = silent.slice(0, MAX_NAMED).map(({ symbol, seconds }) => `${symbol} for ${seconds} s`);
  const more = silent.length > MAX_NAMED ? ` and ${silent.length - MAX_NAMED} more` : '';
  const message =
    silent.length === 1
      ? `${first?.symbol} has had no order book for ${first?.seconds} s.`
      : `${silent.length} of ${watched} watched symbols have had no order book: ${named.join(', ')}${more}.`;
  const gist = silent
    .map(({ symbol }) => symbol)
    .toSorted()
    .join(' ');
  const undecided = silent.every((one) => one.undecided);
  return { code: 'STREAM_STALE', service, subject: 'streams', message, gist, undecided };
}

/** Detects a lock-step replay that makes no progress. Wall time. */
export function createReplayWatch(staleMs: number, mode: FleetMode) {
  const lockStep = mode.source?.kind === 'replay' && mode.source.speed === 'max';
  let seq: number | undefined;
  let movedTs = 0;
  let hasMoved = false;

  /** `undefined` while the replay progresses. `sinceMs`: a standstill counts from here at the earliest. */
  return (progress: ReplayProgress | undefined, nowMs: number, sinceMs: number): Condition | undefined => {
    if (!lockStep || !progress || progress.session !== mode.session || progress.done) return undefined;
    if (progress.seq !== seq) {
      hasMoved = seq !== undefined;
      seq = progress.seq;
      movedTs = nowMs;
    }
    movedTs = Math.min(movedTs, nowMs);
    const stillMs = nowMs - movedTs;
    if (hasMoved && stillMs <= staleMs) return undefined;
    const undecided = nowMs - Math.max(movedTs, sinceMs) <= staleMs;
    const message = `The replay has been at frame ${seq} for ${Math.round(stillMs / 1_000)} s.`;
    return { code: 'REPLAY_STALLED', service: 'data-ingestor', subject: 'replay', message, undecided };
  };
}
