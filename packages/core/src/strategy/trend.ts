import type { Settings } from '@helios/shared/domain/settings.ts';
import { Ema } from '../indicators/moving-averages.ts';
import { Momentum } from '../indicators/oscillators.ts';

export type TrendVote = 'UP' | 'DOWN' | 'FLAT';

/** The vote of one timeframe: fast EMA against slow EMA, if momentum agrees. */
export class TimeframeTrend {
  readonly #fast: Ema;
  readonly #slow: Ema;
  readonly #momentum: Momentum;

  constructor(params: Settings['trend']) {
    this.#fast = new Ema(params.ema_fast);
    this.#slow = new Ema(params.ema_slow);
    this.#momentum = new Momentum(params.momentum_period);
  }

  update(close: number): void {
    this.#fast.update(close);
    this.#slow.update(close);
    this.#momentum.update(close);
  }

  /** FLAT if EMAs and momentum disagree; `undefined` while cold. */
  get vote(): TrendVote | undefined {
    const fast = this.#fast.value;
    const slow = this.#slow.value;
    const momentum = this.#momentum.value;
    if (fast === undefined || slow === undefined || momentum === undefined) return undefined;
    if (fast > slow && momentum > 0) return 'UP';
    if (fast < slow && momentum < 0) return 'DOWN';
    return 'FLAT';
  }
}

/** Shares of the warm timeframes that vote up and down, 0..1; `undefined` if none is warm. */
export function trendAgreement(
  votes: readonly (TrendVote | undefined)[],
): { readonly up: number; readonly down: number } | undefined {
  const warm = votes.filter((vote) => vote !== undefined);
  if (warm.length === 0) return undefined;
  const share = (wanted: TrendVote) => warm.filter((vote) => vote === wanted).length / warm.length;
  return { up: share('UP'), down: share('DOWN') };
}
