import { DecimalSteps } from '@helios/core/price/decimal-steps.ts';
import type { VenueFrame } from '@helios/market-data/source.ts';
import { FairPrice, type MarketStep } from './fair-price.ts';
import type { SlowState } from './kline-history.ts';
import type { MarketProfile } from './market-profile.ts';
import type { PlantedEdge } from './planted-edge.ts';
import { Rng } from './rng.ts';
import { SyntheticBook } from './synthetic-book.ts';
import { type ActivityFactors, TradingActivity } from './trading-activity.ts';
import {
  bookTickerText,
  depthText,
  markPriceText,
  type SymbolGrids,
  snapshotText,
  tradeText,
} from './venue-messages.ts';
import { Wandering } from './wandering.ts';

/** The best bid moves only if the fair price is farther away than this, in standard deviations of one second. */
const STICKINESS = 1;

/** Mean number of trades that one taker's order makes, all on one side. */
const TRADES_PER_ORDER = 4;
const LOG_NEXT_TRADE = Math.log(1 - 1 / TRADES_PER_ORDER);

/** Maximum orders in a step. */
const MAX_ORDERS = 15;

/** Swings of the depth of the whole book: time constant in seconds, and standard deviation of its logarithm. */
const DEPTH_SECONDS = 90;
const DEPTH_SIGMA = 0.3;

const RECEIVED_AFTER_MS = 2;
const EIGHT_HOURS_MS = 28_800_000;
const FUNDING_RATE = 0.0001;

/** One symbol's made-up market: fair price, order flow, book, and the venue's messages about them. */
export class SyntheticSymbol {
  private readonly profile: MarketProfile;
  private readonly grids: SymbolGrids;
  private readonly rng: Rng;
  private readonly fair: FairPrice;
  private readonly book: SyntheticBook;
  private readonly seconds: number;
  private readonly stepsPerSecond: number;
  private readonly activity: TradingActivity;
  private activityNow: ActivityFactors = { count: 1, size: 1 };
  private readonly depthSwing: Wandering;
  private lastUpdateId: number;
  private nextTradeId: number;
  private stepCount = 0;
  private bestText = '';

  /** @param past the symbol's state at the end of its past @param seconds length of one step */
  constructor(profile: MarketProfile, label: string, past: SlowState, seconds: number, edge: PlantedEdge) {
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
    this.activity = new TradingActivity(this.rng, past.activity);
    this.fair = new FairPrice(profile, label, past, seconds, edge);
    this.depthSwing = new Wandering(this.rng, DEPTH_SECONDS);
    this.book = new SyntheticBook(this.rng, this.grids.price.unit * this.grids.quantity.unit);
    this.lastUpdateId = 1_000_000_000 + this.rng.below(1_000_000_000);
    this.nextTradeId = 100_000_000 + this.rng.below(100_000_000);
    const [bidUsd, askUsd] = this.targetDepth(0);
    this.book.open(this.fairBidTick(), bidUsd, askUsd);
  }

  private targetDepth(pending: number): readonly [bid: number, ask: number] {
    const usd = this.profile.topDepthUsd * Math.exp(DEPTH_SIGMA * this.depthSwing.value - DEPTH_SIGMA ** 2 / 2);
    const share = this.fair.pressure.bidShare(pending);
    return [usd * share, usd * (1 - share)];
  }

  private fairTicks(): number {
    return Math.exp(this.fair.log) / this.grids.price.unit;
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
    if (this.stepCount % this.stepsPerSecond === 0) this.passSecond(market);
    this.fair.step(nowMs, market);

    this.book.beginStep();
    this.takeOrders();
    const reach = Math.max(0.75, STICKINESS * this.fair.secondSigma() * this.fairTicks());
    const goal = this.goalTick(reach);
    const [bidUsd, askUsd] = this.targetDepth((this.fairTicks() - (goal ?? this.book.bids.tickAt(0)) - 0.5) / reach);
    this.book.target(bidUsd, askUsd);
    if (goal !== undefined) this.book.moveTo(goal);
    this.book.relax();
    this.report(nowMs, frames);
  }

  private passSecond(market: MarketStep): void {
    const seconds = this.seconds * this.stepsPerSecond;
    this.fair.passSeconds(seconds, market);
    this.activity.pass(seconds / 60);
    this.activityNow = this.activity.factors(this.fair.volatility, this.fair.burstFactor);
    this.depthSwing.step();
    if (this.stepCount % (60 * this.stepsPerSecond) === 0) this.fair.passMinute();
  }

  private takeOrders(): void {
    const activity = this.activityNow;
    const usual = (this.profile.tradesPerSecond * this.seconds) / TRADES_PER_ORDER;
    const orders = this.rng.poisson(Math.min(MAX_ORDERS, usual * activity.count));
    const buying = 1 / (1 + Math.exp(-1.1 * this.fair.pressure.flow()));
    const stepUsd = this.fairTicks() * this.grids.price.unit * this.grids.quantity.unit;
    const meanSteps = (this.profile.meanTradeUsd * activity.size) / stepUsd;
    for (let order = 0; order < orders; order += 1) {
      const buy = this.rng.uniform() < buying;
      const trades = 1 + Math.floor(Math.log(this.rng.uniform()) / LOG_NEXT_TRADE);
      for (let trade = 0; trade < trades; trade += 1) {
        this.book.trade(buy, Math.max(1, Math.round(meanSteps * this.rng.logNormal(1.2))));
      }
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
    const index = Math.exp(this.fair.log);
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
