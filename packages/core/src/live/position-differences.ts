import { addQuantity } from '../price/significant-digits.ts';
import { adoptByStop, reduceOurs } from './adoption.ts';
import type { LiveContext } from './live-context.ts';
import type { LiveCovers } from './live-covers.ts';
import { PositionOrigins } from './position-origins.ts';
import { type PositionDiffers, type Repair, repairOf } from './reconcile.ts';
import { signedQuantityOf } from './signed-quantity.ts';
import type { VenueExits } from './venue-exits.ts';
import type { AccountSnapshot, VenueNews } from './venue-port.ts';

/** Snapshots that must show the same difference, and over which time, before we believe it. */
const CONFIRMATIONS = 3;
const CONFIRMED_AFTER_MS = 6_000;
/** Failed readings of the trades after which the stop of a position alone says that it is ours. */
const MAX_FAILURES = 3;

interface Difference {
  readonly finding: PositionDiffers;
  readonly sinceMs: number;
  seen: number;
}

interface Parts {
  readonly context: LiveContext;
  readonly covers: LiveCovers;
  readonly exits: VenueExits;
  /** A position was adopted or corrected. */
  readonly onRepaired: (symbol: string, nowMs: number) => void;
  /** The venue closed a position by force. */
  readonly onForced: (symbol: string) => void;
}

/** Positions that differ from the venue's, and what others hold. The venue's trades say whose a difference is; only what they do not explain is assumed. */
export class PositionDifferences {
  readonly #parts: Parts;
  readonly #origins: PositionOrigins;
  readonly #differences = new Map<string, Difference>();
  readonly #foreign = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#origins = new PositionOrigins(parts);
  }

  /** Signed quantity of others on a symbol, base currency. */
  get foreign(): ReadonlyMap<string, number> {
    return this.#foreign;
  }

  has(symbol: string): boolean {
    return this.#differences.has(symbol);
  }

  texts(): string[] {
    return [...this.#differences.values()].map(
      ({ finding: { symbol, ours, venues } }) => `${symbol}: ours ${ours}, the venue's ${venues}`,
    );
  }

  /** True while more snapshots are needed to believe a difference. */
  isOpen(nowMs: number): boolean {
    return [...this.#differences.values()].some((difference) => !isSure(difference, nowMs));
  }

  /** A trade of somebody else. The next snapshot replaces what trades added up to. */
  noteForeignTrade(symbol: string, signedQuantity: number): void {
    this.#setForeign(symbol, addQuantity(this.#foreign.get(symbol) ?? 0, signedQuantity));
  }

  onTimer(nowMs: number): void {
    this.#origins.onTimer(nowMs);
  }

  /** Takes the differences that a snapshot shows, and repairs those that are explained, or that stay without an explanation. */
  judge(found: readonly PositionDiffers[], snapshot: AccountSnapshot, nowMs: number): void {
    const [before, noted] = [new Map(this.#differences), new Map(this.#foreign)];
    this.#differences.clear();
    this.#foreign.clear();
    this.#origins.keep(new Set(found.map(({ symbol }) => symbol)));
    for (const finding of found) {
      const { symbol, ours, venues } = finding;
      const known = before.get(symbol);
      const isSame = known?.finding.venues === venues && known.finding.ours === ours;
      const difference: Difference = isSame ? known : { finding, sinceMs: nowMs, seen: 0 };
      difference.seen += 1;
      // We have heard every trade of somebody else that made it.
      const others = addQuantity(venues, -ours);
      const isSettled = known === undefined || this.#origins.wasRead(symbol);
      // Parts of opposite signs close each other: only the trades tell what is left of ours.
      if (isSettled && ours * others >= 0 && noted.get(symbol) === others) this.#setForeign(symbol, others);
      else this.#repair(difference, snapshot, nowMs);
    }
  }

  /** Takes the trades that were asked for; false if they say nothing. `changedMs`: when our position of the symbol last changed. */
  onTrades(
    news: Extract<VenueNews, { kind: 'TRADES' }>,
    snapshot: AccountSnapshot,
    changedMs: number,
    nowMs: number,
  ): boolean {
    const { context, onRepaired } = this.#parts;
    const { symbol, signedQuantity } = news;
    const askedMs = this.#origins.askedMs(symbol);
    if (askedMs === undefined) return true;
    // What changed meanwhile may be missing in them.
    if (changedMs >= askedMs) {
      this.#origins.forget(symbol);
      return false;
    }
    const isChanged = this.#origins.onTrades(news, snapshot, nowMs);
    const ours = signedQuantityOf(context, symbol);
    const rest = addQuantity(signedQuantity, -ours);
    if (rest === 0 || Math.sign(signedQuantity) === Math.sign(ours) || ours === 0) this.#setForeign(symbol, rest);
    if (rest === 0 || ours === 0) this.#differences.delete(symbol);
    if (isChanged) onRepaired(symbol, nowMs);
    if (ours !== 0 || rest === 0 || news.isComplete) return true;
    const repair = repairOf({ kind: 'POSITION_DIFFERS', symbol, ours, venues: signedQuantity }, snapshot, context.tag);
    if (repair.kind === 'ADOPT') this.#adopt(repair, nowMs);
    return true;
  }

  onTradesFailed(symbol: string, nowMs: number): void {
    this.#origins.onFailed(symbol, nowMs);
  }

  #repair(difference: Difference, snapshot: AccountSnapshot, nowMs: number): void {
    const { context, onRepaired } = this.#parts;
    const { finding } = difference;
    const { symbol, ours, venues } = finding;
    const isRead = this.#origins.isRead(finding, nowMs);
    const repair = repairOf(finding, snapshot, context.tag);
    if (repair.kind === 'REDUCE_OURS') {
      if (isSure(difference, nowMs)) {
        reduceOurs(context, symbol, repair.quantity, snapshot, nowMs);
        onRepaired(symbol, nowMs);
        return;
      }
      this.#differences.set(symbol, difference);
      this.#askForFills(symbol);
      return;
    }
    this.#setForeign(symbol, addQuantity(venues, -ours));
    if (!isRead && repair.kind === 'ADOPT' && this.#origins.failures(symbol) >= MAX_FAILURES)
      this.#adopt(repair, nowMs);
    else if (!isRead || ours !== 0) this.#differences.set(symbol, difference);
  }

  #adopt(repair: Extract<Repair, { kind: 'ADOPT' }>, nowMs: number): void {
    const { context, onRepaired } = this.#parts;
    const { symbol, signedQuantity } = repair.position;
    adoptByStop(context, repair, nowMs);
    this.#setForeign(symbol, addQuantity(signedQuantity, -signedQuantityOf(context, symbol)));
    this.#differences.delete(symbol);
    onRepaired(symbol, nowMs);
  }

  /** The stop of a position may have fired unseen: the order that it became has the same id. */
  #askForFills(symbol: string): void {
    const { context, covers } = this.#parts;
    for (const { signal_id, stop_ids = [] } of context.positions.of(symbol)) {
      for (const id of new Set([...stop_ids, ...covers.stopIdsOf(signal_id)]))
        context.outbox.send({ kind: 'QUERY_ORDER', symbol, clientOrderId: id });
    }
  }

  #setForeign(symbol: string, quantity: number): void {
    if (quantity === 0) this.#foreign.delete(symbol);
    else this.#foreign.set(symbol, quantity);
  }
}

function isSure({ seen, sinceMs }: Difference, nowMs: number): boolean {
  return seen >= CONFIRMATIONS && nowMs - sinceMs >= CONFIRMED_AFTER_MS;
}
