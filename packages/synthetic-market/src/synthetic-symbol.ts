import { DecimalSteps } from '@helios/core/price/decimal-steps.ts';
import type { VenueFrame } from '@helios/market-data/source.ts';
import type { MarketProfile } from './market-profile.ts';
import { PricePressure } from './price-pressure.ts';
import { Rng } from './rng.ts';
import { SyntheticBook } from './synthetic-book.ts';
import { SYMBOL_AMPLITUDE, SyntheticRegime } from './synthetic-regime.ts';
import {
  bookTickerText,
  depthText,
  markPriceText,
  type SymbolGrids,
  snapshotText,
  tradeText,
} from './venue-messages.ts';
import { Wandering } from './wandering.ts';

/** Size of news in standard deviations; order flow and jumps add the rest of the variance. */
const NEWS_SCALE = 0.8;

/** The best bid moves only if the fair price is farther away than this, in standard deviations of one second. */
const STICKINESS = 1;

/** Jumps per hour at usual volatility, and their size in one-minute standard deviations. */
const JUMPS_PER_HOUR = 1.5;
const JUMP_SIGMAS = 2;

/** Swings of the depth of the whole book: time constant in seconds, and standard deviation of its logarithm. */
const DEPTH_SECONDS = 90;
const DEPTH_SIGMA = 0.3;

const RECEIVED_AFTER_MS = 2;
const EIGHT_HOURS_MS = 28_800_000;
const FUNDING_RATE = 0.0001;

/** Movement of the market as a whole in one step. */
export interface MarketStep {
  /** Common part of every symbol's news, standard normal. */
  readonly news: number;
  /** Common direction of order flow, standard normal; positive means buying. */
  readonly lean: number;
  readonly volatility: number;
  /** Drift of the step in one-minute standard deviations. */
  readonly drift: number;
}

/** One symbol's made-up market: fair price, order flow, book, and the venue's messages about them. */
export class SyntheticSymbol {
  private readonly profile: MarketProfile;
  private readonly grids: SymbolGrids;
  private readonly rng: Rng;
  private readonly regime: SyntheticRegime;
  private readonly pressure: PricePressure;
  private readonly book: SyntheticBook;
  private readonly seconds: number;
  private readonly stepsPerSecond: number;
  private logFair: number;
  private readonly depthSwing: Wandering;
  private lastUpdateId: number;
  private nextTradeId: number;
  private stepCount = 0;
  private bestText = '';

  /** @param regime the symbol's regime at the end of its past @param seconds length of one step */
  constructor(profile: MarketProfile, label: string, regime: SyntheticRegime, seconds: number) {
    this.profile = profile;
    this.seconds = seconds;
    this.stepsPerSecond = Math.max(1, Math.round(1 / seconds));
    this.rng = new Rng(`${label}:${profile.symbol}`);
    this.grids = {
      symbol: profile.symbol,
      stream: profile.symbol.toLowerCase(),
      price: new DecimalSteps(profile.tickSize),
      quantity: new DecimalSteps(profile.stepSize),
    };
    this.regime = new SyntheticRegime(this.rng, SYMBOL_AMPLITUDE, regime);
    this.pressure = new PricePressure(this.rng, profile.marketShare, seconds);
    this.depthSwing = new Wandering(this.rng, DEPTH_SECONDS);
    this.book = new SyntheticBook(this.rng, this.grids.price.unit * this.grids.quantity.unit);
    this.logFair = Math.log(profile.startPrice);
    this.lastUpdateId = 1_000_000_000 + this.rng.below(1_000_000_000);
    this.nextTradeId = 100_000_000 + this.rng.below(100_000_000);
    const [bidUsd, askUsd] = this.targetDepth(0);
    this.book.open(this.fairBidTick(), bidUsd, askUsd);
  }

  private targetDepth(pending: number): readonly [bid: number, ask: number] {
    const usd = this.profile.topDepthUsd * Math.exp(DEPTH_SIGMA * this.depthSwing.value - DEPTH_SIGMA ** 2 / 2);
    const share = this.pressure.bidShare(pending);
    return [usd * share, usd * (1 - share)];
  }

  private fairTicks(): number {
    return Math.exp(this.logFair) / this.grids.price.unit;
  }

  private fairBidTick(): number {
    return Math.max(100, Math.round(this.fairTicks() - 0.5));
  }

  /** The REST snapshot at the beginning of a session. */
  snapshot(nowMs: number): VenueFrame {
    const text = snapshotText(this.grids, this.lastUpdateId, nowMs, this.book.bids, this.book.asks);
    this.bestText = this.bestOf();
    return { tsReceived: nowMs + RECEIVED_AFTER_MS, text, symbol: this.profile.symbol };
  }

  /** Advances one step, which ends at `nowMs`, and adds its messages to `frames`. */
  step(nowMs: number, market: MarketStep, frames: VenueFrame[]): void {
    this.stepCount += 1;
    const pushed = this.pressure.step(market.lean);
    if (this.stepCount % this.stepsPerSecond === 0) this.passSecond();
    const volatility = market.volatility * this.regime.volatility();
    const secondSigma = (this.profile.minuteSigmaBp * 1e-4 * volatility) / Math.sqrt(60);
    this.moveFair(market, secondSigma, pushed);

    this.book.beginStep();
    this.takeOrders(volatility);
    const reach = Math.max(0.75, STICKINESS * secondSigma * this.fairTicks());
    const goal = this.goalTick(reach);
    const [bidUsd, askUsd] = this.targetDepth((this.fairTicks() - (goal ?? this.book.bids.tickAt(0)) - 0.5) / reach);
    this.book.target(bidUsd, askUsd);
    if (goal !== undefined) this.book.moveTo(goal);
    this.book.relax();
    this.report(nowMs, frames);
  }

  private passSecond(): void {
    this.regime.pass((this.seconds * this.stepsPerSecond) / 60);
    this.depthSwing.step();
  }

  private moveFair(market: MarketStep, secondSigma: number, pushed: number): void {
    const share = this.profile.marketShare;
    const news = Math.sqrt(share) * market.news + Math.sqrt(1 - share) * this.rng.normal();
    const minuteSigma = secondSigma * Math.sqrt(60);
    const drift = Math.sqrt(share) * market.drift + Math.sqrt(1 - share) * this.regime.drift(this.seconds / 60);
    this.logFair += secondSigma * (NEWS_SCALE * Math.sqrt(this.seconds) * news + pushed) + minuteSigma * drift;
    if (this.rng.uniform() < (JUMPS_PER_HOUR * this.seconds) / 3_600) {
      this.logFair += minuteSigma * JUMP_SIGMAS * this.rng.normal();
    }
  }

  private takeOrders(volatility: number): void {
    const count = this.rng.poisson(Math.min(15, this.profile.tradesPerSecond * this.seconds * Math.sqrt(volatility)));
    const buying = 1 / (1 + Math.exp(-1.1 * this.pressure.flow()));
    const meanSteps = this.profile.meanTradeUsd / (this.fairTicks() * this.grids.price.unit * this.grids.quantity.unit);
    for (let index = 0; index < count; index += 1) {
      const steps = Math.max(1, Math.round(meanSteps * this.rng.logNormal(1.2)));
      this.book.trade(this.rng.uniform() < buying, steps);
    }
  }

  /** The new best bid in this step; undefined if it does not move. */
  private goalTick(reach: number): number | undefined {
    const fair = this.fairTicks();
    const middle = (this.book.bids.tickAt(0) + this.book.asks.tickAt(0)) / 2;
    if (Math.abs(fair - middle) > reach) return this.fairBidTick();
    if (this.book.spreadTicks() > 1) return this.book.bids.tickAt(0) + (fair > middle ? 1 : 0);
    return undefined;
  }

  private report(nowMs: number, frames: VenueFrame[]): void {
    this.reportTrades(nowMs, frames);
    this.reportDepth(nowMs, frames);
    if (this.stepCount % this.stepsPerSecond === 0) this.reportMark(nowMs, frames);
  }

  private reportTrades(nowMs: number, frames: VenueFrame[]): void {
    const { executions } = this.book;
    const stepMs = this.seconds * 1_000;
    executions.forEach((execution, index) => {
      const tradeMs = nowMs - Math.floor((stepMs * (executions.length - index)) / (executions.length + 1));
      const text = tradeText(this.grids, { id: this.nextTradeId, ...execution, tradeMs, eventMs: nowMs });
      this.nextTradeId += 1;
      frames.push({ tsReceived: nowMs + RECEIVED_AFTER_MS, text, symbol: this.profile.symbol });
    });
  }

  private reportDepth(nowMs: number, frames: VenueFrame[]): void {
    const { bids, asks } = this.book;
    const changed = bids.changes.size + asks.changes.size;
    if (changed === 0) return;
    const previousLast = this.stepCount === 1 ? this.lastUpdateId - 40 : this.lastUpdateId;
    // The venue counts ids over all symbols, so the next update rarely begins directly after the last one.
    const first = previousLast + 1 + this.rng.below(20);
    const last = Math.max(this.lastUpdateId, first) + changed;
    this.push(nowMs, depthText(this.grids, { first, last, previousLast }, nowMs, bids, asks), frames);
    this.lastUpdateId = last;
    const best = this.bestOf();
    if (best === this.bestText) return;
    this.bestText = best;
    this.push(nowMs, bookTickerText(this.grids, last, nowMs, bids, asks), frames);
  }

  private reportMark(nowMs: number, frames: VenueFrame[]): void {
    const index = Math.exp(this.logFair);
    const middle = ((this.book.bids.tickAt(0) + this.book.asks.tickAt(0)) / 2) * this.grids.price.unit;
    const nextFundingMs = (Math.floor(nowMs / EIGHT_HOURS_MS) + 1) * EIGHT_HOURS_MS;
    const mark = { eventMs: nowMs, mark: middle, index, fundingRate: FUNDING_RATE, nextFundingMs };
    this.push(nowMs, markPriceText(this.grids, mark), frames);
  }

  private push(nowMs: number, text: string, frames: VenueFrame[]): void {
    frames.push({ tsReceived: nowMs + RECEIVED_AFTER_MS, text, symbol: this.profile.symbol });
  }

  private bestOf(): string {
    const { bids, asks } = this.book;
    return `${bids.tickAt(0)} ${bids.quantityAt(0)} ${asks.tickAt(0)} ${asks.quantityAt(0)}`;
  }
}
