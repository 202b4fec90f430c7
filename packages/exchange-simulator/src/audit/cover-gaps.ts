import { moneyOf } from '@helios/core/matching/money.ts';
import type { LedgerEvent, LedgerStop } from './venue-ledger.ts';

/** A position must rest a stop within this time, ms. */
const DEADLINE_MS = 2_000;

/** A time at which the venue did not answer, epoch ms. */
export interface Silence {
  readonly fromTs: number;
  readonly toTs: number;
}

interface SymbolCover {
  quantity: bigint;
  readonly stops: Map<string, LedgerStop>;
  bareSinceTs: number | undefined;
}

/** A time at which a position had no stops of its whole quantity. */
interface BareTime {
  readonly symbol: string;
  readonly fromTs: number;
  /** How long, ms, without the silences of the venue, and how much they were. */
  readonly ms: number;
  readonly excusedMs: number;
}

/** The times without cover that lasted longer than two seconds, one sentence each. Silences of the venue do not count. */
export function coverGaps(ledger: readonly LedgerEvent[], silences: readonly Silence[]): string[] {
  return bareTimes(ledger, silences)
    .filter(({ ms }) => ms > DEADLINE_MS)
    .map(({ symbol, ms, fromTs }) => `${symbol} was without cover for ${ms} ms from ${fromTs}`);
}

/** Every time at which a position was not covered, however short. */
export function bareTimes(ledger: readonly LedgerEvent[], silences: readonly Silence[]): readonly BareTime[] {
  const symbols = new Map<string, SymbolCover>();
  const gaps: BareTime[] = [];
  const coverOf = (symbol: string): SymbolCover => {
    const cover = symbols.get(symbol) ?? { quantity: 0n, stops: new Map(), bareSinceTs: undefined };
    symbols.set(symbol, cover);
    return cover;
  };
  const judge = (symbol: string, ts: number): void => {
    const cover = coverOf(symbol);
    if (!isCovered(cover)) cover.bareSinceTs ??= ts;
    else if (cover.bareSinceTs !== undefined) {
      report(symbol, cover.bareSinceTs, ts);
      cover.bareSinceTs = undefined;
    }
  };
  const report = (symbol: string, fromTs: number, toTs: number): void => {
    const excusedMs = Math.round(silentMs(fromTs, toTs, silences));
    gaps.push({ symbol, fromTs, ms: toTs - fromTs - excusedMs, excusedMs });
  };
  for (const event of ledger) {
    if (event.kind === 'ALGO') {
      coverOf(event.order.symbol).stops.set(event.order.client_algo_id, event.order);
      judge(event.order.symbol, event.ts);
    }
    if (event.kind !== 'BALANCE') continue;
    for (const { symbol, quantity } of event.positions) {
      coverOf(symbol).quantity = moneyOf(quantity);
      judge(symbol, event.ts);
    }
  }
  const endTs = ledger.at(-1)?.ts ?? 0;
  for (const [symbol, { bareSinceTs }] of symbols) if (bareSinceTs !== undefined) report(symbol, bareSinceTs, endTs);
  return gaps;
}

/** True if stops that rest, or trigger right now, close the whole position. */
function isCovered({ quantity, stops }: SymbolCover): boolean {
  if (quantity === 0n) return true;
  const side = quantity > 0n ? 'SELL' : 'BUY';
  let covered = 0n;
  for (const stop of stops.values()) {
    if (stop.side !== side || stop.status !== 'NEW') continue;
    if (stop.close_position) return true;
    if (stop.reduce_only) covered += moneyOf(stop.quantity);
  }
  return covered >= (quantity > 0n ? quantity : -quantity);
}

/** Ms of the time in which at least one of the silences lasted: two at once count once. */
function silentMs(fromTs: number, toTs: number, silences: readonly Silence[]): number {
  let [sum, countedTs] = [0, fromTs];
  for (const one of silences.toSorted((a, b) => a.fromTs - b.fromTs)) {
    const endTs = Math.min(toTs, one.toTs);
    sum += Math.max(0, endTs - Math.max(countedTs, one.fromTs));
    countedTs = Math.max(countedTs, endTs);
  }
  return sum;
}
