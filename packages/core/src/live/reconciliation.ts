import { addQuantity } from '../price/significant-digits.ts';
import type { LiveContext } from './live-context.ts';
import type { LiveCovers } from './live-covers.ts';
import type { LiveOrders } from './live-orders.ts';
import { PositionDifferences } from './position-differences.ts';
import { compare, type Finding, type OurView } from './reconcile.ts';
import { signedQuantityOf } from './signed-quantity.ts';
import type { VenueExits } from './venue-exits.ts';
import type { AccountSnapshot, VenueNews } from './venue-port.ts';

const EVERY_MS = 30_000;
/** While something differs, and after a fill. */
const SOON_MS = 2_000;
/** A snapshot that fails again and again, as in hedge mode, must not use up the request weight. */
const MAX_PAUSE_MS = 4_000;
/** Changes that belong together arrive within this time. */
const TOGETHER_MS = 200;
/** After a fill of ours, which the user stream tells completely: a snapshot costs much of the venue's request weight. */
const AFTER_FILL_MS = 15_000;
/** The position and the fills that changed it come in separate events; they may differ for this long. */
const DOUBT_MS = 1_000;
/** A snapshot without an answer is asked for again after this. */
const LOST_AFTER_MS = 10_000;
interface Parts {
  readonly context: LiveContext;
  readonly orders: LiveOrders;
  readonly covers: LiveCovers;
  readonly exits: VenueExits;
  /** A position was adopted or corrected. */
  readonly onRepaired: (symbol: string, nowMs: number) => void;
  /** The venue closed a position by force. */
  readonly onForced: (symbol: string) => void;
}

/** Compares the account with the venue's again and again, and repairs what differs for good. */
export class Reconciliation {
  readonly #parts: Parts;
  readonly #differences: PositionDifferences;
  readonly #changedMs = new Map<string, number>();
  readonly #foreignOrders = new Set<string>();
  readonly #otherInstance = new Set<string>();
  readonly #doubts = new Map<string, { readonly venues: number; readonly sinceMs: number }>();
  #askedMs: number | undefined;
  #lastAskMs = Number.NEGATIVE_INFINITY;
  #nextMs = 0;
  /** Snapshots that failed one after another. */
  #failures = 0;
  /** Snapshots that were asked for before do not count as complete: events were missing. */
  #completeFromMs = 0;
  #last: AccountSnapshot | undefined;
  #lastMs: number | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#differences = new PositionDifferences(parts);
  }

  get last(): AccountSnapshot | undefined {
    return this.#last;
  }

  /** When the account was last compared completely; undefined before the first, and after a gap. */
  get reconciledMs(): number | undefined {
    return this.#last && this.#last.tsAsked >= this.#completeFromMs ? this.#lastMs : undefined;
  }

  foreignOrders(): number {
    return this.#foreignOrders.size;
  }

  /** Signed quantity of others on a symbol, base currency. */
  foreignPositions(): ReadonlyMap<string, number> {
    return this.#differences.foreign;
  }

  otherInstance(): readonly string[] {
    return [...this.#otherInstance];
  }

  /** A trade of somebody else. The next snapshot replaces what trades added up to. */
  noteForeignTrade(symbol: string, signedQuantity: number): void {
    this.#differences.noteForeignTrade(symbol, signedQuantity);
  }

  differs(symbol: string): boolean {
    return this.#differences.has(symbol);
  }

  differences(): string[] {
    return this.#differences.texts();
  }

  /** Asks for a snapshot as soon as possible; at most every two seconds. */
  askSoon(nowMs: number): void {
    this.#nextMs = Math.min(this.#nextMs, Math.max(nowMs + TOGETHER_MS, this.#lastAskMs + SOON_MS));
  }

  /** Asks for a snapshot at once: the venue warned, or another hand changed the account. */
  askNow(nowMs: number): void {
    this.#nextMs = Math.min(this.#nextMs, nowMs);
  }

  /** Asks for a snapshot some time after a fill. */
  askAfterFill(nowMs: number): void {
    this.#nextMs = Math.min(this.#nextMs, Math.max(nowMs, this.#lastAskMs + AFTER_FILL_MS));
  }

  /** The venue told a position that differs from ours. If it still does after a moment, a snapshot decides. */
  doubt(symbol: string, venues: number, nowMs: number): void {
    this.#doubts.set(symbol, { venues, sinceMs: nowMs });
  }

  /** Events are complete again from now on: what happened before must be asked for. */
  onGapEnd(nowMs: number): void {
    this.#completeFromMs = nowMs;
    this.#askedMs = undefined;
    this.#nextMs = nowMs;
  }

  noteChange(symbol: string, nowMs: number): void {
    this.#changedMs.set(symbol, nowMs);
  }

  noteForeignOrder(clientOrderId: string, isOpen: boolean): void {
    if (isOpen) this.#foreignOrders.add(clientOrderId);
    else this.#foreignOrders.delete(clientOrderId);
  }

  onFailed(nowMs: number): void {
    this.#askedMs = undefined;
    this.#nextMs = nowMs + Math.min(SOON_MS * (1 + this.#failures), MAX_PAUSE_MS);
    this.#failures += 1;
  }

  onTimer(nowMs: number): void {
    this.#lookAtDoubts(nowMs);
    this.#differences.onTimer(nowMs);
    const isLost = this.#askedMs !== undefined && nowMs - this.#askedMs >= LOST_AFTER_MS;
    if (nowMs < this.#nextMs || (this.#askedMs !== undefined && !isLost)) return;
    this.#askedMs = nowMs;
    this.#lastAskMs = nowMs;
    this.#nextMs = nowMs + EVERY_MS;
    this.#parts.context.outbox.send({ kind: 'TAKE_SNAPSHOT' });
  }

  onSnapshot(snapshot: AccountSnapshot, nowMs: number): void {
    this.#askedMs = undefined;
    this.#failures = 0;
    if (this.#last && snapshot.tsAsked < this.#last.tsAsked) return;
    this.#last = snapshot;
    this.#lastMs = nowMs;
    this.#foreignOrders.clear();
    this.#otherInstance.clear();
    const findings = compare(this.#view(), snapshot);
    for (const finding of findings) this.#apply(finding, nowMs);
    const differing = findings.filter((finding) => finding.kind === 'POSITION_DIFFERS');
    this.#differences.judge(differing, snapshot, nowMs);
    // What somebody else added to our position stays different: looking at it often would use up the request weight.
    if (this.#differences.isOpen(nowMs)) this.#nextMs = Math.min(this.#nextMs, nowMs + SOON_MS);
  }

  /** The trades behind a position that differs. */
  onTrades(news: Extract<VenueNews, { kind: 'TRADES' }>, nowMs: number): void {
    const { symbol } = news;
    const isUnsettled = this.#parts.orders.working().some(({ child }) => child.order.symbol === symbol);
    // An order in flight may have traded after they were read.
    const changedMs = isUnsettled ? nowMs : (this.#changedMs.get(symbol) ?? 0);
    if (this.#last && this.#differences.onTrades(news, this.#last, changedMs, nowMs)) return;
    this.askSoon(nowMs);
  }

  onTradesFailed(symbol: string, nowMs: number): void {
    this.#differences.onTradesFailed(symbol, nowMs);
  }

  #lookAtDoubts(nowMs: number): void {
    for (const [symbol, { venues, sinceMs }] of this.#doubts) {
      if (nowMs - sinceMs < DOUBT_MS) continue;
      this.#doubts.delete(symbol);
      const foreign = this.foreignPositions().get(symbol) ?? 0;
      if (venues !== addQuantity(signedQuantityOf(this.#parts.context, symbol), foreign)) this.askSoon(nowMs);
    }
  }

  #view(): OurView {
    const { context, orders } = this.#parts;
    const positions = [...new Set(context.positions.symbols())].map((symbol) => ({
      symbol,
      signedQuantity: signedQuantityOf(context, symbol),
      changedMs: this.#changedMs.get(symbol) ?? 0,
    }));
    const working = orders.working().map(({ child }) => ({
      clientOrderId: child.order.clientOrderId,
      symbol: child.order.symbol,
      changedMs: child.acknowledgedTs ?? child.placedTs,
    }));
    const isKnown = (id: string) => orders.find(id) !== undefined;
    return { tag: context.tag, startedTs: context.startedTs, positions, working, isKnown };
  }

  #apply(finding: Finding, nowMs: number): void {
    const { context, orders } = this.#parts;
    if (finding.kind === 'ORDER_MISSING') orders.ask(finding.clientOrderId, nowMs);
    if (finding.kind === 'FOREIGN_ORDER') this.#foreignOrders.add(finding.order.clientOrderId);
    if (finding.kind === 'OTHER_INSTANCE') this.#otherInstance.add(finding.clientOrderId);
    if (finding.kind === 'ORDER_LEFT_OVER') {
      const { symbol, clientOrderId } = finding.order;
      context.outbox.send({ kind: 'CANCEL_ORDER', symbol, clientOrderId });
    }
  }
}
