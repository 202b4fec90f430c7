import type { Logger } from '@helios/shared/runtime/service.ts';
import { DiskNearlyFull } from './recording-folder.ts';

const RETRY_MS = 60_000;
const ADVICE = 'Free disk space, correct the permissions of the folder, or set recording.enabled = false.';
const TRADING = 'Market data and trading go on. The recording tries again every minute.';

interface PauseOptions {
  readonly folder: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: Logger;
}

/** Whether the recording is paused by a fault of the disk. Logs a pause once, and its end. */
export class RecordingPause {
  readonly #options: PauseOptions;
  #sinceTs: number | undefined;
  /** The reported fault, until a write succeeds. */
  #reported: string | undefined;

  constructor(options: PauseOptions) {
    this.#options = options;
  }

  /** True from a fault until the next try. */
  get isPaused(): boolean {
    return this.#sinceTs !== undefined && Math.abs(this.#options.now() - this.#sinceTs) < RETRY_MS;
  }

  begin(error: unknown): void {
    this.#sinceTs = this.#options.now();
    const { code, message } = error as NodeJS.ErrnoException;
    this.#report(
      code ?? message,
      error instanceof DiskNearlyFull ? message : `The recording cannot be written: ${message}.`,
    );
  }

  onSlowDisk(): void {
    this.#report('SLOW', 'The disk takes the recording more slowly than frames come; frames are left out.');
  }

  /** @param dropped number of frames left out since the start */
  onWritten(file: string, dropped: number): void {
    this.#sinceTs = undefined;
    if (this.#reported !== undefined) this.#options.log.info({ file, dropped }, 'recording again');
    this.#reported = undefined;
  }

  #report(kind: string, problem: string): void {
    if (kind === this.#reported) return;
    this.#reported = kind;
    const { folder, log } = this.#options;
    log.error({ folder, problem, advice: `${ADVICE} ${TRADING}` }, 'the market is not recorded');
  }
}
