import type { FollowUp } from '@helios/shared/domain/decision.ts';
import type { Book, MarketEvent, MarkPrice } from '@helios/shared/domain/market-data.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { ExitReason, Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import { Shadow, type ShadowContext } from './shadow.ts';

/** Shadows followed at once on one symbol; the oldest is ended when one more comes. */
export const MAX_SHADOWS = 50;

/** The end of a shadow position. */
export interface FollowedUp {
  readonly decisionId: string;
  readonly side: Side;
  readonly followUp: FollowUp;
}

/** What refused triggers of one symbol would have made, each followed by a shadow position. */
export class FollowUps {
  readonly #params: StrategyParams;
  #shadows: Shadow[] = [];
  #book: Book | undefined;
  #mark: MarkPrice | undefined;

  constructor(params: StrategyParams) {
    this.#params = params;
  }

  get size(): number {
    return this.#shadows.length;
  }

  /** Begins to follow the entry of a refused trigger; returns what the shadows that had to make room came to. */
  open(entry: TradingSignal, context: ShadowContext): FollowedUp[] {
    const evicted = this.#shadows.slice(0, Math.max(0, this.#shadows.length + 1 - MAX_SHADOWS));
    const ended = this.#judge(evicted, context, 'TIME_EXIT');
    const shadow = new Shadow(entry, this.#params);
    shadow.enter(
      [this.#book, this.#mark].filter((event) => event !== undefined),
      context.view.nowMs,
    );
    this.#shadows.push(shadow);
    return ended;
  }

  /** The clock went back by `byMs`: every shadow stays as old as it was. */
  setClockBack(byMs: number): void {
    if (this.#book) this.#book = { ...this.#book, ts_event: this.#book.ts_event - byMs };
    if (this.#mark) this.#mark = { ...this.#mark, ts_event: this.#mark.ts_event - byMs };
    for (const shadow of this.#shadows) shadow.setClockBack(byMs);
  }

  /** Hears the symbol's market, before the strategy judges it: as the simulator of real paper orders does. */
  onMarket(event: MarketEvent, nowMs: number): void {
    if (event.type === 'book') this.#book = event;
    if (event.type === 'mark') this.#mark = event;
    for (const shadow of this.#shadows) shadow.onMarket(event, nowMs);
  }

  /** Judges every shadow; returns those that ended. */
  step(context: ShadowContext): FollowedUp[] {
    return this.#judge(this.#shadows, context, undefined);
  }

  /** Ends all of them for a reason that lies outside them. */
  endAll(reason: ExitReason, context: ShadowContext): FollowedUp[] {
    return this.#judge(this.#shadows, context, reason);
  }

  #judge(shadows: readonly Shadow[], context: ShadowContext, forced: ExitReason | undefined): FollowedUp[] {
    if (shadows.length === 0) return [];
    const ended: FollowedUp[] = [];
    for (const shadow of shadows) {
      shadow.judge(context, this.#book, forced);
      const { decisionId, side, followUp } = shadow;
      if (followUp) ended.push({ decisionId, side, followUp });
    }
    if (ended.length > 0) this.#shadows = this.#shadows.filter(({ followUp }) => followUp === undefined);
    return ended;
  }
}
