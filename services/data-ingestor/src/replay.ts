import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import { Publisher, type PublishOptions, writeWatchlist } from '@helios/market-data/publish/publisher.ts';
import { framesTogether, type MarketSource, type VenueFrame } from '@helios/market-data/source.ts';
import { Channels, Records } from '@helios/shared/contracts/catalog.ts';
import type { ReplayProgress } from '@helios/shared/domain/fleet.ts';
import { SESSION_GAP_MS } from '@helios/shared/domain/freshness.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { type FrameEvents, KlineInterval, type MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { type Clock, wallClock } from '@helios/shared/runtime/clock.ts';
import { createRedisRetry, type RedisRetry, skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { FeedLog } from './feed-log.ts';
import { FrameSender, firstSeqOf } from './frame-sender.ts';
import { ReplayLockStep } from './lock-step.ts';
import { createPacer, type Pacer } from './pace.ts';

const PROGRESS_MS = 1_000;

export interface ReplayOptions {
  readonly bus: Bus<'data-ingestor'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly feedLog: FeedLog;
  readonly source: MarketSource;
  readonly instruments: readonly Instrument[];
  readonly session: string;
  readonly speed: number | 'max';
  readonly stop: AbortSignal;
}

/**
 * Plays recordings once, from the first frame to the last. After a restart in the same session it continues where it stopped: it
 * processes frames before `replay_progress.seq` without publishing. It publishes every event: while Redis is away the market
 * waits.
 */
export class Replay {
  readonly #options: ReplayOptions;
  readonly #feed: MarketFeed;
  readonly #publisher: Publisher<'data-ingestor'>;
  readonly #untilRedisTakesIt: RedisRetry;
  /** Exactly one of the two is set: answers limit full speed, the clock limits any other speed. */
  readonly #lockStep: ReplayLockStep | undefined;
  readonly #frames = new FrameSender({ handOver: (frames) => this.#handOver(frames) });
  readonly #pacer: Pacer | undefined;
  #resumeSeq = 0;
  #seq = 0;
  /** Last event that needs no repeat after a restart; 0 if there is none in this process. */
  #doneSeq = 0;
  #progressAt = Number.NEGATIVE_INFINITY;

  constructor(options: ReplayOptions) {
    const { bus, log, feedLog, instruments, speed, stop } = options;
    this.#options = options;
    this.#publisher = new Publisher(bus);
    this.#lockStep = speed === 'max' ? new ReplayLockStep({ log, stop }) : undefined;
    this.#pacer = speed === 'max' ? undefined : createPacer({ speed, stop, longestGapMs: SESSION_GAP_MS });
    this.#untilRedisTakesIt = createRedisRetry({ log, stop, onBack: () => this.#pacer?.restart() });
    this.#feed = new MarketFeed({
      symbols: instruments.map((one) => one.symbol),
      now: wallClock.now,
      onNotice: (notice) => feedLog.onNotice(notice),
    });
  }

  /** Resolves when the recording has ended or the service is stopped. */
  async run(): Promise<void> {
    const { bus, log, session, speed, instruments, source, stop } = this.#options;
    const before = await this.#untilRedisTakesIt(() => bus.getRecord(Records.replayProgress));
    const mine = before?.session === session ? before : undefined;
    const symbols = instruments.map((one) => one.symbol);
    if (mine?.done) {
      log.info({ session, symbols, seq: mine.seq }, 'replay has ended already');
      return;
    }
    this.#resumeSeq = mine?.seq ?? 0;
    if (mine === undefined) await this.#clearKlines();
    await this.#untilRedisTakesIt(() => this.#publisher.announce(instruments));
    await this.#listen();
    log.info({ symbols, speed, session, resumed_from_seq: this.#resumeSeq }, 'replay starts');
    for await (const frames of framesTogether(source, stop)) {
      for (const frame of frames) await this.#play(frame);
      if (stop.aborted) break;
    }
    if (stop.aborted) await this.#leave();
    else await this.#end();
  }

  async #play(frame: VenueFrame): Promise<void> {
    const { stop } = this.#options;
    if (stop.aborted) return;
    const events = this.#feed.onFrame(frame);
    if (events.length === 0) return;
    if (this.#seq + events.length > this.#resumeSeq) await this.#pacer?.until(this.#feed.tsMarket);
    if (!stop.aborted) await this.#publish(events);
  }

  /** Klines of an earlier session of the same recording do not belong to this one. */
  async #clearKlines(): Promise<void> {
    for (const { symbol } of this.#options.instruments) {
      for (const interval of KlineInterval.options) {
        await this.#untilRedisTakesIt(() => this.#publisher.replaceKlines(symbol, interval, []));
      }
    }
  }

  async #listen(): Promise<void> {
    const lockStep = this.#lockStep;
    if (lockStep === undefined) return;
    lockStep.settledSeq = this.#resumeSeq;
    await this.#untilRedisTakesIt(() => this.#options.bus.subscribe(Channels.replayAcks, (ack) => lockStep.onAck(ack)));
  }

  async #publish(events: readonly MarketEvent[]): Promise<void> {
    const firstSeq = this.#seq + 1;
    this.#seq += events.length;
    this.#options.clock.observe(this.#feed.tsMarket);
    if (this.#seq <= this.#resumeSeq) {
      this.#publisher.hold(events);
      return;
    }
    if (this.#lockStep !== undefined) {
      await this.#frames.add(events, firstSeq);
      return;
    }
    const options = this.#progressIfDue(this.#seq);
    await this.#untilRedisTakesIt(() => this.#publisher.publish(events, options));
    if (!this.#options.stop.aborted) this.#doneSeq = this.#seq;
  }

  async #handOver(frames: readonly FrameEvents[]): Promise<void> {
    const lockStep = this.#lockStep;
    if (lockStep === undefined) return;
    await lockStep.handOver(frames, async (together) => {
      // Only acknowledged frames count as done.
      const options = this.#progressIfDue(firstSeqOf(together) - 1);
      await this.#untilRedisTakesIt(() => this.#publisher.publishFrames(together, options));
    });
    this.#doneSeq = Math.max(this.#doneSeq, lockStep.settledSeq);
  }

  /** Progress up to `seq`, if it is due; the returned option writes it with the frames. */
  #progressIfDue(seq: number): PublishOptions<'data-ingestor'> {
    const now = performance.now();
    if (now - this.#progressAt < PROGRESS_MS) return {};
    this.#progressAt = now;
    const progress = { ...this.#progress(false), seq };
    const { instruments } = this.#options;
    return {
      state(batch) {
        batch.setRecord(Records.replayProgress, progress);
        // Redis may have lost the watchlist: a service that starts then would watch nothing.
        writeWatchlist(batch, instruments);
      },
    };
  }

  /** Saves the progress of a stopped replay: the next start continues right after it. */
  async #leave(): Promise<void> {
    await this.#frames.end();
    if (this.#doneSeq === 0) return;
    const progress = { ...this.#progress(false), seq: this.#doneSeq };
    const { bus, log } = this.#options;
    const isSaved = await skipWhileAway(() => bus.write((batch) => batch.setRecord(Records.replayProgress, progress)));
    if (!isSaved) log.debug({}, 'progress was saved just before, not saved again');
  }

  async #end(): Promise<void> {
    const { bus, log, feedLog, stop } = this.#options;
    const events = this.#feed.end();
    if (events.length > 0) await this.#publish(events);
    await this.#frames.end();
    const progress = this.#progress(true);
    await this.#untilRedisTakesIt(() => bus.write((batch) => batch.setRecord(Records.replayProgress, progress)));
    if (stop.aborted) return;
    const { session: _, done: __, ts_event: ___, ...counts } = progress;
    log.info({ ...counts, repeated: feedLog.repeated() }, 'replay ended');
  }

  #progress(done: boolean): ReplayProgress {
    const { frames, badFrames, topsCompared, topsDifferent, gaps } = this.#feed.counts();
    const { badLines: unreadable, brokenOff } = this.#options.feedLog;
    return {
      session: this.#options.session,
      seq: this.#seq,
      lines: frames + unreadable,
      bad_lines: badFrames + unreadable,
      tops_compared: topsCompared,
      tops_different: topsDifferent,
      gaps,
      ...(brokenOff.length > 0 && { broken_off: [...brokenOff] }),
      books: [...this.#feed.bookTimes()],
      ts_event: this.#feed.tsMarket,
      done,
    };
  }
}
