import type { SlowState } from './kline-history.ts';
import type { TiltStep } from './lasting-tilt.ts';
import type { MarketProfile } from './market-profile.ts';
import { MoveResponse } from './move-response.ts';
import { EdgeDrift, type PlantedEdge } from './planted-edge.ts';
import { PricePressure } from './price-pressure.ts';
import { Rng } from './rng.ts';
import { SYMBOL_AMPLITUDE, SyntheticRegime } from './synthetic-regime.ts';
import { Wandering } from './wandering.ts';

/** Size of news in standard deviations; order flow adds the rest of the variance. */
const NEWS_SCALE = 0.65;

/** Bursts of volatility: time constant in seconds. */
export const BURST_SECONDS = 6;

/** The factor of a burst is exp(x) for a standard normal x that ends here, divided by its root mean square. */
const BURST_END = 2;
const BURST_ROOT_MEAN_SQUARE = Math.sqrt(4.937);

/** Movement of the market as a whole in one step. */
export interface MarketStep {
  /** Common part of every symbol's news, standard normal. */
  readonly news: number;
  /** Common direction of order flow, standard normal; positive means buying. */
  readonly lean: number;
  readonly volatility: number;
  /** Common part of every symbol's bursts of volatility, standard normal. */
  readonly burst: number;
  readonly tilt: TiltStep;
}

/**
 * The price that a symbol's book follows: news and the push of order flow, and the drift of a planted edge. It draws numbers of its
 * own: what a book draws depends on where the price goes, and must not change the news.
 */
export class FairPrice {
  private readonly profile: MarketProfile;
  private readonly rng: Rng;
  private readonly regime: SyntheticRegime;
  private readonly burst: Wandering;
  private readonly response: MoveResponse;
  private readonly edge: EdgeDrift;
  private readonly seconds: number;
  readonly pressure: PricePressure;
  /** Natural logarithm of the price. */
  log: number;
  /** Present volatility in usual ones, without the burst. */
  volatility = 1;
  /** Factor of the present burst on it. */
  burstFactor = 1;

  /** @param past the symbol's state at the end of its past @param seconds length of one step */
  constructor(profile: MarketProfile, label: string, past: SlowState, seconds: number, edge: PlantedEdge) {
    this.profile = profile;
    this.seconds = seconds;
    this.rng = new Rng(`${label}:${profile.symbol}:price`);
    this.regime = new SyntheticRegime(this.rng, SYMBOL_AMPLITUDE, past.regime);
    this.burst = new Wandering(this.rng, BURST_SECONDS);
    this.response = new MoveResponse(past.response);
    this.pressure = new PricePressure(this.rng, profile.marketShare, seconds);
    this.edge = new EdgeDrift(edge, profile.minuteSigmaBp * 1e-4);
    this.log = Math.log(profile.startPrice);
  }

  /** Advances volatility by `seconds`. */
  passSeconds(seconds: number, market: MarketStep): void {
    this.regime.pass(seconds / 60);
    this.burst.step();
    const share = this.profile.marketShare;
    const burst = Math.sqrt(share) * market.burst + Math.sqrt(1 - share) * this.burst.value;
    this.volatility = market.volatility * this.regime.volatility() * this.response.factor();
    this.burstFactor = Math.exp(Math.min(burst, BURST_END)) / BURST_ROOT_MEAN_SQUARE;
  }

  /** Remembers the price once a minute. */
  passMinute(): void {
    this.edge.rememberMinute(this.log);
  }

  /** Advances the price by one step, which ends at `nowMs`. */
  step(nowMs: number, market: MarketStep): void {
    const share = this.profile.marketShare;
    const pushed = this.pressure.step(market.lean, market.tilt.tilt);
    const news = Math.sqrt(share) * market.news + Math.sqrt(1 - share) * this.rng.normal();
    this.response.pass(this.seconds / 60, news);
    const sigma = this.secondSigma() * this.burstFactor;
    this.log += sigma * (NEWS_SCALE * Math.sqrt(this.seconds) * news + pushed);
    const { lasting } = market.tilt;
    if (lasting !== 0) this.edge.meet(lasting, this.log, nowMs);
    this.log += this.edge.step(nowMs, this.seconds / 60);
  }

  /** Standard deviation of the logarithm's change in a second, without the burst. */
  secondSigma(): number {
    return (this.profile.minuteSigmaBp * 1e-4 * this.volatility) / Math.sqrt(60);
  }
}
