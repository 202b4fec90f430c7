import type { RecorderTrouble } from '@helios/shared/domain/recording-status.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { ClockSteps } from './clock-steps.ts';
import { frameLine } from './frame-line.ts';
import type { HourFile } from './hour-file.ts';
import { createMicroClock } from './micro-clock.ts';
import { RecorderHealth } from './recorder-health.ts';
import { createRecordingFile, keepWithinLimits, type RecordingLimits } from './recording-folder.ts';
import { RecordingPause } from './recording-pause.ts';
import { WaitingLines } from './waiting-lines.ts';

/** Longest time for which a frame is only in memory, ms. */
const WRITE_EVERY_MS = 1_000;
/** Characters that are written before that: joining more at once would keep market data waiting for longer. */
const WRITE_FROM = 128 * 1024;
/** Characters that may wait for a slow disk; later frames are dropped. */
const MAX_WAITING = 64 * 1024 * 1024;
const TIDY_EVERY_MS = 60_000;
/** Maximum size of a file, share of the size limit of the folder. */
const MAX_FILE_SHARE = 0.1;

export interface FrameRecorderOptions {
  /** Created if it is missing. */
  readonly folder: string;
  readonly limits: RecordingLimits;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  /** Ms from any start; by default the clock of the process. */
  readonly monotonic?: () => number;
  /** Resolves after `ms`, or as soon as stopped. */
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  readonly log: Logger;
}

/** Counts since the start. */
export interface RecorderCounts {
  readonly lines: number;
  /** Frames that were not recorded: the disk was full, failed or was too slow. */
  readonly dropped: number;
  readonly files: number;
  /** Size of all files, compressed. */
  readonly bytes: number;
}

/**
 * Records frames in hourly files. `take` only keeps the frame; once a second all are compressed and written on other threads. A
 * fault of the disk pauses the recording and never reaches the caller.
 */
export class FrameRecorder {
  /**
   * Changes when a book must be recorded again: at the begin of a file and after dropped frames. Otherwise the file has no valid
   * book of the symbol until the next gap.
   */
  part = 0;
  readonly #options: FrameRecorderOptions;
  readonly #nowUs: () => number;
  readonly #steps: ClockSteps;
  readonly #waiting = new WaitingLines();
  readonly #health: RecorderHealth;
  readonly #pause: RecordingPause;
  #wake: () => void = () => {};
  #open: { readonly file: HourFile; readonly key: string } | undefined;
  #tidiedTs = Number.NEGATIVE_INFINITY;
  #closedBytes = 0;
  #counts = { lines: 0, dropped: 0, files: 0 };

  constructor(options: FrameRecorderOptions) {
    this.#options = options;
    const monotonic = options.monotonic ?? (() => performance.now());
    this.#nowUs = createMicroClock(options.now, monotonic);
    this.#steps = new ClockSteps(monotonic);
    this.#health = new RecorderHealth(options.now);
    this.#pause = new RecordingPause(options, this.#health);
  }

  get counts(): RecorderCounts {
    return { ...this.#counts, bytes: this.#closedBytes + (this.#open?.file.bytes ?? 0) };
  }

  /** Why not all is recorded; undefined while it is. */
  get trouble(): RecorderTrouble | undefined {
    return this.#health.trouble;
  }

  /** Takes a frame that was received now. Never throws. @param symbol the symbol of a REST depth snapshot */
  take(text: string, symbol?: string): void {
    if (!text.startsWith('{')) return;
    this.#health.onFrame();
    if (this.#pause.isPaused || this.#waiting.size > MAX_WAITING) {
      this.#drop();
      return;
    }
    const tsReceivedUs = this.#nowUs();
    const steps = this.#steps.countAt(this.#options.now());
    if (this.#waiting.add(frameLine({ tsReceivedUs, text, symbol }), tsReceivedUs, steps)) this.part += 1;
    if (this.#waiting.size >= WRITE_FROM) this.#wake();
  }

  /** Resolves when stopped and everything is written. Never rejects. */
  async run(): Promise<void> {
    const { stop, wait } = this.#options;
    while (!stop.aborted) {
      if (!this.#pause.isPaused) await this.#safely(() => this.#step());
      await Promise.race([wait(WRITE_EVERY_MS), this.#isMuchWaiting()]);
    }
    await this.#safely(async () => {
      await this.#writeAll();
      await this.#close();
    });
  }

  async #step(): Promise<void> {
    const { folder, limits, now, log } = this.#options;
    if (Math.abs(now() - this.#tidiedTs) >= TIDY_EVERY_MS) {
      this.#tidiedTs = now();
      const deleted = await keepWithinLimits(folder, limits, now());
      if (deleted.length > 0) log.info({ deleted }, 'deleted the oldest recordings');
      await this.#leaveIfGone();
    }
    await this.#writeAll();
  }

  /** Begins a new file if somebody deleted or moved the present one. */
  async #leaveIfGone(): Promise<void> {
    const file = this.#open?.file;
    if (file === undefined || (await file.isInPlace())) return;
    this.#options.log.warn({ file: file.path }, 'the file of the recording was deleted or moved, beginning a new one');
    await this.#close();
    this.part += 1;
  }

  async #writeAll(): Promise<void> {
    for (const { fromUs, key, lines } of this.#waiting.takeAll()) {
      if (this.#open !== undefined && this.#open.key !== key) await this.#close();
      if (this.#open === undefined) {
        this.#open = { file: await createRecordingFile(this.#options.folder, fromUs / 1_000), key };
        this.#counts.files += 1;
      }
      await this.#open.file.write(lines.join(''));
      this.#counts.lines += lines.length;
      this.#pause.onWritten(this.#open.file.path, this.#counts.dropped);
      if (this.#open.file.bytes < this.#options.limits.maxBytes * MAX_FILE_SHARE) continue;
      await this.#close();
      this.part += 1;
    }
  }

  async #close(): Promise<void> {
    const file = this.#open?.file;
    this.#open = undefined;
    await file?.close();
    this.#closedBytes += file?.bytes ?? 0;
  }

  /** After a fault nothing more goes into the file: it ends at its last whole piece. */
  async #safely(work: () => Promise<void>): Promise<void> {
    this.#health.onBusy();
    try {
      await work();
    } catch (error) {
      const lost = this.#waiting.takeAll().reduce((sum, { lines }) => sum + lines.length, 0);
      this.#counts.dropped += lost;
      this.part += 1;
      this.#pause.begin(error);
      // The limits are checked before the next try.
      this.#tidiedTs = Number.NEGATIVE_INFINITY;
      const file = this.#open?.file;
      this.#open = undefined;
      await file?.abandon();
      this.#closedBytes += file?.bytes ?? 0;
    } finally {
      this.#health.onReady();
    }
  }

  #drop(): void {
    this.#counts.dropped += 1;
    this.part += 1;
    this.#health.onDropped();
    if (!this.#pause.isPaused) this.#pause.onSlowDisk();
  }

  #isMuchWaiting(): Promise<void> {
    if (this.#waiting.size >= WRITE_FROM) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
