import type { FollowUp } from '@helios/shared/domain/decision.ts';
import type { Book, MarketEvent, MarkPrice } from '@helios/shared/domain/market-data.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { ExitReason, Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import { copyOfBook } from '../book/unit-book.ts';
import type { PresentOfSides } from './calm.ts';
import { CalmGroup } from './calm-group.ts';
import { type FollowUpRules, Shadow, type ShadowContext } from './shadow.ts';

const NONE: readonly FollowedUp[] = [];

/** Maximum number of shadows per symbol; one more ends the oldest. */
export const MAX_SHADOWS = 50;

/** The end of a shadow position. */
export interface FollowedUp {
  readonly decisionId: string;
  readonly side: Side;
  readonly followUp: FollowUp;
}

/** Follows each refused trigger of one symbol with a shadow position, to measure its result. */
export class FollowUps {
  readonly #params: StrategyParams;
  readonly #rules: FollowUpRules | undefined;
  #shadows: Shadow[] = [];
  /** Shadows that may change without leaving the limits of the group; together with the group, all shadows. */
  #restless: Shadow[] = [];
  /** The limits of all other shadows; undefined if they are unknown. */
  #group: CalmGroup | undefined;
  /** Newest clock reading, epoch ms. */
  #newestMs = Number.NEGATIVE_INFINITY;
  #book: Book | undefined;
  #mark: MarkPrice | undefined;

  constructor(params: StrategyParams, rules?: FollowUpRules) {
    this.#params = params;
    this.#rules = rules;
  }

  get size(): number {
    return this.#shadows.length;
  }

  /** Follow-ups of the same kind, without a shadow. */
  emptied(): FollowUps {
    return new FollowUps(this.#params, this.#rules);
  }

  /** Starts to follow the entry of a refused trigger; returns the results of shadows that were ended to make room. */
  open(entry: TradingSignal, context: ShadowContext): FollowedUp[] {
    this.#newestMs = Math.max(this.#newestMs, context.view.nowMs);
    const evicted = this.#shadows.slice(0, Math.max(0, this.#shadows.length + 1 - MAX_SHADOWS));
    const ended = this.#judge(evicted, context, 'TIME_EXIT');
    const shadow = new Shadow(entry, this.#params, this.#rules);
    shadow.enter(
      [this.#book, this.#mark].filter((event) => event !== undefined),
      context.view.nowMs,
    );
    this.#shadows.push(shadow);
    this.#group = undefined;
    return ended;
  }

  /** Handles a clock that went back by `byMs`: the age of every shadow stays the same. */
  setClockBack(byMs: number): void {
    if (this.#book) this.#book = copyOfBook(this.#book, { ts_event: this.#book.ts_event - byMs });
    if (this.#mark) this.#mark = { ...this.#mark, ts_event: this.#mark.ts_event - byMs };
    for (const shadow of this.#shadows) shadow.setClockBack(byMs, this.#newestMs);
    this.#group = undefined;
    this.#newestMs -= byMs;
  }

  /** Processes a market event before the strategy judges it, like the simulator of real paper orders. */
  onMarket(event: MarketEvent, nowMs: number): void {
    this.#newestMs = Math.max(this.#newestMs, nowMs);
    const before = this.#book;
    if (event.type === 'book') this.#book = event;
    if (event.type === 'mark') this.#mark = event;
    // A mark price may announce a funding, even to a calm shadow.
    if (event.type === 'mark') this.#group = undefined;
    const reached = this.#group === undefined ? this.#shadows : this.#restless;
    // Accounts see only the books that they need, and keep a newer one when an older one comes late.
    if (event.type === 'book' && before !== undefined && before.ts_event > event.ts_event)
      for (const shadow of reached) shadow.seeBook(before, nowMs);
    for (const shadow of reached) shadow.onMarket(event, nowMs, this.#book);
  }

  /** True while judging changes no shadow at `nowMs`. The caller checks for a trigger and the end of a session. */
  areCalm(present: PresentOfSides, nowMs: number): boolean {
    if (this.#shadows.length === 0) return true;
    this.#newestMs = Math.max(this.#newestMs, nowMs);
    return this.#restless.length === 0 && this.#group?.isCalmNow(present) === true;
  }

  /** Judges every shadow; returns those that ended. */
  step(context: ShadowContext): readonly FollowedUp[] {
    this.#newestMs = Math.max(this.#newestMs, context.view.nowMs);
    if (this.#group !== undefined && isCalm(this.#group, context)) {
      return this.#restless.length === 0 ? NONE : this.#judge(this.#restless, context, undefined);
    }
    const ended = this.#judge(this.#shadows, context, undefined);
    this.#regroup();
    return ended;
  }

  /** Ends all shadows for an external reason. */
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
    if (ended.length > 0) {
      this.#shadows = this.#shadows.filter(({ followUp }) => followUp === undefined);
      this.#restless = this.#restless.filter(({ followUp }) => followUp === undefined);
    }
    return ended;
  }

  #regroup(): void {
    const group = new CalmGroup();
    this.#restless = this.#shadows.filter(({ side, calm }) => calm === undefined || !group.add(side, calm));
    this.#group = group;
  }
}

function isCalm(group: CalmGroup, { state, reversal, present }: ShadowContext): boolean {
  return !state.sessionOver && group.isCalm(reversal, present);
}
