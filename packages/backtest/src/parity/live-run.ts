import type { VenueCommand } from '@helios/core/live/venue-port.ts';
import type { TradingModel } from '@helios/core/model/trading-model.ts';
import type { Violation } from '@helios/exchange-simulator/audit/auditor.ts';
import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import { framesTogether, type MarketSource, type VenueFrame } from '@helios/market-data/source.ts';
import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { dueChanges, type OperatorPlan } from '../operator-plan.ts';
import { LiveFleet } from './live-fleet.ts';
import { MarketClock, onEventClock, startOf } from './market-clock.ts';
import type { RunRecord } from './run-record.ts';
import type { VenueAnswers } from './venue-answers.ts';
import { VenueLink } from './venue-link.ts';
import { type VenueTruth, venueTruthOf } from './venue-truth.ts';
import { VirtualTime } from './virtual-time.ts';

/** Timer of live trading, ms. */
const BEAT_MS = 100;
const MARKS_EVERY_MS = 1_000;
const FLOWS_EVERY_MS = 15_000;
const FLOWS_OVERLAP_MS = 120_000;
/** After the last frame positions close within this time, and the last income arrives. */
const CLOSING_MS = 60_000;

export interface LiveRunOptions {
  /** Opens the market from its start; each call gives the same frames. */
  readonly open: () => MarketSource;
  readonly run: string;
  readonly settings: Settings;
  /** Settings of the paper run, for the witness. */
  readonly reference: Settings;
  readonly model?: TradingModel | undefined;
  readonly operator?: OperatorPlan | undefined;
}

/** A live run, what its witness decided, and the exchange's own history. */
export interface LiveRunResult extends RunRecord {
  readonly witnessed: Pick<RunRecord, 'signals' | 'refusals'>;
  readonly flows: readonly AccountFlow[];
  readonly truth: VenueTruth;
  readonly answers: VenueAnswers;
  /** Broken invariants, by the exchange's own history. */
  readonly violations: readonly Violation[];
}

/**
 * Runs a market through the live path and the local exchange, on the market's own clock: before each frame everything between the
 * two is over. Rejects with the error of the source or of the exchange.
 */
export async function runLive(options: LiveRunOptions): Promise<LiveRunResult> {
  const instruments = await options.open().instruments();
  const time = new VirtualTime(await startOf(options.open()));
  const { run, settings, reference, model } = options;
  const carryOut = (command: VenueCommand) => link.carryOut(command);
  const fleet = new LiveFleet({ run, settings, reference, instruments, model, now: () => time.now(), carryOut });
  const link: VenueLink = await VenueLink.start({
    ...{ source: onEventClock(options.open()), run, settings, time },
    onNews: (news) => fleet.onNews(news),
  });
  try {
    const session = new LiveSession({ options, instruments, time, link, fleet });
    await session.play();
    return await session.result();
  } finally {
    await link.stop();
  }
}

interface SessionParts {
  readonly options: LiveRunOptions;
  readonly instruments: readonly Instrument[];
  readonly time: VirtualTime;
  readonly link: VenueLink;
  readonly fleet: LiveFleet;
}

/** Moves clock, exchange and fleet together. */
class LiveSession {
  readonly #parts: SessionParts;
  readonly #symbols: readonly string[];
  readonly #startMs: number;
  readonly #clock = new MarketClock();
  #beatMs: number;
  #flowsSinceTs: number;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#symbols = parts.instruments.map(({ symbol }) => symbol);
    this.#startMs = parts.time.now();
    this.#beatMs = this.#startMs;
    this.#flowsSinceTs = this.#startMs;
  }

  async play(): Promise<void> {
    const { options } = this.#parts;
    const feed = new MarketFeed({ symbols: this.#symbols, now: () => 0, onNotice: () => {} });
    await this.#begin();
    for await (const frames of framesTogether(options.open(), new AbortController().signal))
      for (const frame of frames) await this.#onFrame(feed, frame);
    await this.#hear(feed.end());
    await this.#close();
  }

  async result(): Promise<LiveRunResult> {
    const { fleet, link, options } = this.#parts;
    const { decided, witnessed, books, executions } = fleet;
    const trades = books.trades();
    const balance = String(options.settings.simulation.starting_balance);
    const signals = decided.signals.map(({ signal_id }) => signal_id);
    const { truth, violations } = await venueTruthOf(link.exchange, { balance, signals, executions, trades });
    const record = { signals: decided.signals, refusals: decided.refusals, executions, trades, flows: books.flows };
    return { ...record, witnessed, truth, answers: link.answers, violations };
  }

  async #begin(): Promise<void> {
    const { link, fleet } = this.#parts;
    fleet.start();
    const terms = await link.venue.readTerms(this.#symbols, this.#symbols[0] ?? '');
    if (terms.kind === 'FAILURE') throw new Error(`terms of the symbols: ${terms.detail}`);
    for (const one of terms.value) fleet.onTerms(one);
    await link.settle();
  }

  async #onFrame(feed: MarketFeed, frame: VenueFrame): Promise<void> {
    const { time, link } = this.#parts;
    const ts = this.#clock.at(frame);
    await this.#passTo(ts);
    time.set(ts);
    await link.exchange.advance();
    if (!link.isQuiet) await link.settle();
    await this.#hear(feed.onFrame(frame));
  }

  /** Hands the events of a frame to the fleet; one may be dated after its frame. */
  async #hear(events: readonly MarketEvent[]): Promise<void> {
    const { time, fleet, link, options } = this.#parts;
    if (events.length === 0) return;
    const eventTs = Math.max(...events.map(({ ts_event }) => ts_event));
    if (eventTs > time.now()) await this.#passTo(eventTs);
    time.set(eventTs);
    const beforeTs = fleet.clockTs;
    fleet.onFrame(events);
    if (!link.isQuiet) await link.settle();
    for (const change of dueChanges(options.operator, beforeTs, fleet.clockTs)) {
      fleet.onState(change);
      await link.settle();
    }
  }

  /** Lets time pass in beats. */
  async #passTo(ts: number): Promise<void> {
    for (; this.#beatMs <= ts; this.#beatMs += BEAT_MS) await this.#beat();
  }

  async #beat(): Promise<void> {
    const { time, link, fleet } = this.#parts;
    const wakes = time.set(this.#beatMs);
    await link.exchange.advance();
    fleet.onTimer();
    const sinceMs = this.#beatMs - this.#startMs;
    if (sinceMs % FLOWS_EVERY_MS === 0) await this.#readFlows();
    if (sinceMs % MARKS_EVERY_MS === 0) await this.#readMarks();
    if (wakes || !link.isQuiet) await link.settle();
  }

  async #readMarks(): Promise<void> {
    const { link, fleet } = this.#parts;
    for (const symbol of this.#symbols) {
      const mark = await link.markOf(symbol);
      if (mark !== undefined) fleet.onMark(symbol, mark);
    }
  }

  async #readFlows(): Promise<void> {
    const { link, fleet } = this.#parts;
    const answer = await link.venue.flowsSince(this.#flowsSinceTs - FLOWS_OVERLAP_MS);
    if (answer.kind === 'FAILURE') throw new Error(`income of the account: ${answer.detail}`);
    fleet.books.onFlows(answer.value);
    this.#flowsSinceTs = Math.max(this.#flowsSinceTs, ...answer.value.map(({ ts_event }) => ts_event));
  }

  /** Waits until the positions that the last frame closes are closed, and reads the income of that. */
  async #close(): Promise<void> {
    const { time, fleet } = this.#parts;
    const untilMs = time.now() + CLOSING_MS;
    while (!fleet.isFlat && this.#beatMs < untilMs) await this.#passTo(this.#beatMs);
    await this.#passTo(time.now() + MARKS_EVERY_MS);
    await this.#readFlows();
  }
}
