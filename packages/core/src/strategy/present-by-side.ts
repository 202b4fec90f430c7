import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { Present, PresentOfSides } from './calm.ts';
import type { FleetView } from './fleet-view.ts';
import { type SentimentInForce, sentimentInForce, shockFactor } from './sentiment.ts';
import type { SymbolState } from './symbol-state.ts';

/**
 * What judging the positions of a symbol at one time depends on. It is read on each event while a position is open; a class instead
 * of a closure lets the compiler leave out the objects.
 */
export class PresentBySide implements PresentOfSides {
  readonly #state: SymbolState;
  readonly #nowMs: number;
  readonly #sentiment: SentimentInForce | undefined;
  readonly #params: StrategyParams;

  /** `market`: sentiment of the whole market. */
  constructor(state: SymbolState, nowMs: number, market: FleetView['sentiment'], params: StrategyParams) {
    this.#state = state;
    this.#nowMs = nowMs;
    this.#sentiment = sentimentInForce(state.sentiment, market, nowMs, params.sentiment);
    this.#params = params;
  }

  of(side: Side): Present {
    const { signals, sentiment, risk } = this.#params;
    const state = this.#state;
    return {
      nowMs: this.#nowMs,
      price: state.market.exitPrice(side, this.#nowMs, signals.max_book_age_ms),
      // Without a trailing stop nothing depends on it, so a new kline disturbs no position.
      atr: risk.trailing_stop ? state.stopAtr : undefined,
      hourRange: risk.trailing_stop ? state.klines.hourRange : undefined,
      tightening: shockFactor(side, this.#sentiment, sentiment),
    };
  }
}
