import type { RecorderTrouble } from '@helios/shared/domain/recording-status.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { RecorderHealth } from './recorder-health.ts';
import { DiskNearlyFull } from './recording-folder.ts';

const RETRY_MS = 60_000;
/** Codes of a full disk and of a full quota. */
const FULL_CODES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);
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
  readonly #health: RecorderHealth;
  #sinceTs: number | undefined;
  /** The reported fault, until a write succeeds. */
  #reported: string | undefined;

  constructor(options: PauseOptions, health: RecorderHealth) {
    this.#options = options;
    this.#health = health;
  }

  /** True from a fault until the next try. */
  get isPaused(): boolean {
    return this.#sinceTs !== undefined && Math.abs(this.#options.now() - this.#sinceTs) < RETRY_MS;
  }

  begin(error: unknown): void {
    this.#sinceTs = this.#options.now();
    const { code, message } = error as NodeJS.ErrnoException;
    const isNearlyFull = error instanceof DiskNearlyFull;
    this.#report(code ?? message, {
      code: isNearlyFull || FULL_CODES.has(code ?? '') ? 'DISK_FULL' : 'UNWRITABLE',
      message: isNearlyFull ? message : `The recording cannot be written: ${message.replace(/\.$/, '')}.`,
    });
  }

  onSlowDisk(): void {
    const message = 'The disk takes the recording more slowly than frames come; frames are left out.';
    this.#report('SLOW', { code: 'SLOW', message });
  }

  /** @param dropped number of frames left out since the start */
  onWritten(file: string, dropped: number): void {
    this.#sinceTs = undefined;
    this.#health.onWritten();
    if (this.#reported !== undefined) this.#options.log.info({ file, dropped }, 'recording again');
    this.#reported = undefined;
  }

  #report(kind: string, trouble: RecorderTrouble): void {
    this.#health.onTrouble(trouble);
    if (kind === this.#reported) return;
    this.#reported = kind;
    const { folder, log } = this.#options;
    log.error({ folder, problem: trouble.message, advice: `${ADVICE} ${TRADING}` }, 'the market is not recorded');
  }
}
