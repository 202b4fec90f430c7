import { expect } from 'vitest';
import { type CoverTarget, isBeyond } from '../../src/live/cover/cover-target.ts';
import { PositionCover } from '../../src/live/cover/position-cover.ts';
import type { VenueCommand, VenueNews } from '../../src/live/venue-port.ts';
import { gridOfDecimals } from '../../src/price/price-grid.ts';
import { SYMBOL } from './cover-harness.ts';
import { FakeStopVenue, type Outcome } from './fake-stop-venue.ts';

const FOREIGN = 'web_1';

/** A cover between a fleet that knows its position from news, and a venue; it checks each request against what the cover was told. */
export class FleetModel {
  readonly venue = new FakeStopVenue();
  cover = this.#newCover(0);
  restarts = 0;
  stopPrice = 95;
  /** Quantity that the news reported last. */
  #known = { quantity: 0, ts: 0, side: 'LONG' as CoverTarget['side'] };
  /** States that the cover was told: NEW, or over. */
  #told = new Map<string, string>();
  /** Placed ids of the present position without an answer that settles them. */
  #undecided = new Set<string>();
  /** Since when the venue does not find a stop that it showed. */
  #absentMs = new Map<string, number>();
  /** Quantities of placed stops. */
  #placed = new Map<string, number>();
  #removing = new Set<string>();

  constructor() {
    const terms = { clientAlgoId: FOREIGN, symbol: SYMBOL, action: 'SELL', quantity: 1, triggerPrice: 1 } as const;
    this.venue.stops.set(FOREIGN, { terms, state: 'NEW' });
    this.cover.want(undefined, this.venue.nowMs);
  }

  get target(): CoverTarget | undefined {
    const { quantity, side } = this.#known;
    return quantity === 0 ? undefined : { side, quantity, stopPrice: this.stopPrice };
  }

  /** True if nothing is open and no news about it is on its way. */
  get isFlat(): boolean {
    return (
      this.venue.quantity === 0 &&
      this.#known.quantity === 0 &&
      !this.venue.news.some(({ kind }) => kind === 'POSITION')
    );
  }

  want(): void {
    this.cover.want(this.target, this.venue.nowMs);
    if (this.target === undefined) this.#undecided.clear();
    this.settle();
  }

  /** Takes the requests of the cover, and checks each. */
  settle(): void {
    for (const command of this.cover.takeCommands()) {
      this.#check(command);
      this.venue.requests.push(command);
    }
    const open = this.venue.own().filter(({ terms }) => !this.#removing.has(terms.clientAlgoId));
    // The wanted one, one that moves, one that is too small, and one that the venue did not find.
    expect(open.length).toBeLessThanOrEqual(4 + this.restarts);
  }

  carryOut(index: number, outcome: Outcome): void {
    const [command] = this.venue.requests.splice(index % Math.max(this.venue.requests.length, 1), 1);
    if (command) this.venue.carryOut(command, outcome);
  }

  deliver(index: number, times: number): void {
    const [news] = this.venue.news.splice(index % Math.max(this.venue.news.length, 1), 1);
    for (let i = 0; news && i < times; i += 1) this.#hear(news);
  }

  pass(ms: number): void {
    this.venue.nowMs += ms;
    this.cover.onTimer(this.venue.nowMs);
    this.settle();
  }

  setMark(price: number): void {
    this.venue.setMark(price);
    this.cover.onPrice(price, this.venue.nowMs);
    this.settle();
  }

  /** A new process: it reads the account before anything else. Requests of the old one are still under way. */
  restart(): void {
    this.restarts += 1;
    this.#undecided.clear();
    this.#told.clear();
    this.cover = this.#newCover(this.restarts);
    this.#hear({ kind: 'SNAPSHOT', snapshot: { tsAsked: this.venue.nowMs, stops: this.venue.listed() } as never });
    this.want();
  }

  /** Closes the position if the cover demands it. */
  obey(): void {
    if (this.cover.closeDemand() && this.venue.quantity > 0) this.venue.setPosition(0);
  }

  /** Lets the venue answer everything at once for two minutes. */
  heal(): void {
    this.venue.isForgetful = false;
    for (let tick = 0; tick < 1_200; tick += 1) {
      if (tick % 50 === 0) this.venue.takeSnapshot();
      if (tick % 10 === 0) this.setMark(this.venue.mark);
      while (this.venue.requests.length > 0 || this.venue.news.length > 0) {
        this.carryOut(0, 'OK');
        this.deliver(0, 1);
      }
      this.obey();
      this.pass(100);
    }
  }

  #newCover(run: number): PositionCover {
    return new PositionCover({
      symbol: SYMBOL,
      stopIdOf: (attempt) => `he-${run}-${this.#known.ts}-${attempt}`,
      isOurs: (id) => id.startsWith('he-'),
      deadlineMs: 2_000,
      grid: () => gridOfDecimals(2),
    });
  }

  #hear(news: VenueNews): void {
    const { nowMs } = this.venue;
    if (news.kind === 'POSITION') {
      if (news.tsEvent < this.#known.ts) return;
      const side = news.signedQuantity < 0 ? 'SHORT' : 'LONG';
      this.#known = { quantity: Math.abs(news.signedQuantity), ts: news.tsEvent, side };
      this.want();
      return;
    }
    this.#remember(news);
    if (news.kind === 'SNAPSHOT') this.cover.onSnapshot(news.snapshot.stops, news.snapshot.tsAsked, nowMs);
    else this.cover.onNews(news, nowMs);
    this.settle();
  }

  #remember(news: VenueNews): void {
    const shown = news.kind === 'SNAPSHOT' ? news.snapshot.stops : news.kind === 'STOP' ? [news.stop] : [];
    for (const { clientAlgoId: id, state } of shown) {
      this.#undecided.delete(id);
      this.#absentMs.delete(id);
      if (state !== 'NEW' || !this.#told.has(id)) this.#told.set(id, state);
    }
    if (news.kind === 'STOP_NOT_SENT') this.#undecided.delete(news.clientAlgoId);
    if (news.kind !== 'STOP_ABSENT' || this.#told.get(news.clientAlgoId) !== 'NEW') return;
    if (this.#removing.has(news.clientAlgoId)) return;
    const absentMs = this.#absentMs.get(news.clientAlgoId) ?? this.venue.nowMs;
    this.#absentMs.set(news.clientAlgoId, absentMs);
    // One that rested and is not found for a second counts as gone.
    if (this.venue.nowMs - absentMs >= 1_000) this.#undecided.delete(news.clientAlgoId);
    else this.#undecided.add(news.clientAlgoId);
  }

  #check(command: VenueCommand): void {
    const { target } = this;
    if (command.kind === 'PLACE_STOP') {
      const { clientAlgoId: id, action, quantity, triggerPrice } = command.stop;
      const wanted = { action: target?.side === 'SHORT' ? 'BUY' : 'SELL', quantity: target?.quantity };
      expect({ action, quantity }).toEqual(wanted);
      expect(target && this.isRightPrice(target, triggerPrice)).toBe(true);
      if (!this.#placed.has(id)) {
        const undecided = [...this.#undecided];
        expect(undecided.length).toBeLessThan(2);
        for (const one of undecided) expect(this.#placed.get(one) ?? 0).toBeLessThan(quantity);
      }
      this.#placed.set(id, quantity);
      this.#undecided.add(id);
    }
    if (command.kind !== 'CANCEL_STOP') return;
    expect(command.clientAlgoId).not.toBe(FOREIGN);
    this.#removing.add(command.clientAlgoId);
    this.#undecided.delete(command.clientAlgoId);
    const removed = this.venue.stops.get(command.clientAlgoId)?.terms;
    if (target === undefined || removed === undefined || removed.action !== (target.side === 'LONG' ? 'SELL' : 'BUY'))
      return;
    expect(this.#hasOther(target), `${command.clientAlgoId} was the last cover`).toBe(true);
  }

  /** After a restart the cover may keep a stop of the earlier process that is nearer to the market. */
  isRightPrice({ side, stopPrice }: CoverTarget, price: number): boolean {
    if (price === stopPrice) return true;
    return this.restarts > 0 && (side === 'LONG' ? price > stopPrice : price < stopPrice);
  }

  /** True if the cover was told of a stop that covers the whole position and is not being removed. */
  #hasOther(target: CoverTarget): boolean {
    return [...this.venue.stops.values()].some(({ terms }) => {
      const { clientAlgoId: id, action, quantity } = terms;
      const isRight = action === (target.side === 'LONG' ? 'SELL' : 'BUY') && quantity >= target.quantity;
      return isRight && this.#told.get(id) === 'NEW' && !this.#removing.has(id);
    });
  }
}

/** True if the stop price is on the losing side of the price. */
export function isSafe(side: CoverTarget['side'], stopPrice: number, mark: number): boolean {
  return !isBeyond(side, mark, stopPrice);
}
