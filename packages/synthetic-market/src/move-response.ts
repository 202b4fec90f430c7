/** Time constant of the news that count as one move, minutes. */
const MOVE_MINUTES = 20;

/** Time constant with which volatility answers to moves and forgets them, minutes. */
const ANSWER_MINUTES = 60;

/** Log-volatility per squared move in standard deviations, after falls and after rises. */
const AFTER_FALL = 0.65;
const AFTER_RISE = 0.45;
const USUAL = (AFTER_FALL + AFTER_RISE) / 2;

/** Maximum of the logarithm of the factor, and the factor's root mean square before it is divided by it. */
const MOST = 1.5;
const ROOT_MEAN_SQUARE = 1.13;

/**
 * How volatility answers to the moves of the last hours: it rises while the price goes one way, more in a fall, and stays up for an hour
 * (the response of fine volatility to coarse moves: Müller et al. 1997; its asymmetry: Glosten, Jagannathan and Runkle 1993).
 * It answers to news in standard deviations, not to returns, so it never feeds itself.
 */
export class MoveResponse {
  private move: number;
  private answer: number;

  /** @param past the response that this one continues */
  constructor(past?: MoveResponse) {
    this.move = past?.move ?? 0;
    this.answer = past?.answer ?? 0;
  }

  /** Advances by `minutes`. @param news of the symbol in that time, standard normal */
  pass(minutes: number, news: number): void {
    const keepMove = Math.exp(-minutes / MOVE_MINUTES);
    this.move = keepMove * this.move + Math.sqrt(1 - keepMove * keepMove) * news;
    const square = this.move * this.move * (this.move < 0 ? AFTER_FALL : AFTER_RISE);
    // A step that is longer than a move holds several: their mean strays less.
    const share = Math.min(1, (2 * MOVE_MINUTES) / minutes);
    const keep = Math.exp(-minutes / ANSWER_MINUTES);
    this.answer = keep * this.answer + (1 - keep) * share * (square - USUAL);
  }

  /** Factor of volatility; its mean square is 1 in steps up to a minute, and 0.8 to 1.2 in the longer ones of the history. */
  factor(): number {
    return Math.exp(Math.min(this.answer, MOST)) / ROOT_MEAN_SQUARE;
  }
}
