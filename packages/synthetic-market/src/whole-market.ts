import { BURST_SECONDS, type MarketStep } from './fair-price.ts';
import { LastingTilt } from './lasting-tilt.ts';
import { LEAN_SECONDS } from './price-pressure.ts';
import { Rng } from './rng.ts';
import { SyntheticRegime } from './synthetic-regime.ts';
import { Wandering } from './wandering.ts';

/** The market as a whole: news and regime that all symbols share. */
export class WholeMarket {
  private readonly rng: Rng;
  private readonly regime: SyntheticRegime;
  private readonly lean: Wandering;
  private readonly burst: Wandering;
  private readonly tilt: LastingTilt;
  private readonly seconds: number;
  private readonly stepsPerSecond: number;
  private stepCount = 0;

  constructor(label: string, past: SyntheticRegime, seconds: number) {
    this.rng = new Rng(`${label}:market`);
    this.regime = new SyntheticRegime(this.rng, 1, past);
    this.lean = new Wandering(this.rng, LEAN_SECONDS / seconds);
    this.burst = new Wandering(this.rng, BURST_SECONDS);
    this.tilt = new LastingTilt(this.rng, seconds);
    this.stepsPerSecond = Math.max(1, Math.round(1 / seconds));
    this.seconds = seconds;
  }

  step(): MarketStep {
    this.stepCount += 1;
    if (this.stepCount % this.stepsPerSecond === 0) {
      this.regime.pass((this.seconds * this.stepsPerSecond) / 60);
      this.burst.step();
    }
    this.lean.step();
    return {
      news: this.rng.normal(),
      lean: this.lean.value,
      volatility: this.regime.volatility(),
      burst: this.burst.value,
      tilt: this.tilt.step(),
    };
  }
}
