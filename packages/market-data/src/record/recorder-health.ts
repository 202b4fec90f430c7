import type { RecorderTrouble } from '@helios/shared/domain/recording-status.ts';

/** A trouble counts as present for this long after it was last seen: a retry comes each minute, ms. */
const RECENT_MS = 90_000;
/** Maximum time that a disk may take for what has come, ms. */
const MAX_BUSY_MS = 30_000;
/** The streams of one symbol bring several messages a second, ms. */
const MAX_SILENT_MS = 120_000;

/** Knows whether a recorder records all that comes. */
export class RecorderHealth {
  readonly #now: () => number;
  #frameTs: number;
  #busyTs: number | undefined;
  #last: { readonly trouble: RecorderTrouble; readonly ts: number } | undefined;

  /** @param now epoch ms */
  constructor(now: () => number) {
    this.#now = now;
    this.#frameTs = now();
  }

  onFrame(): void {
    this.#frameTs = this.#now();
  }

  /** Messages are left out because of this. */
  onTrouble(trouble: RecorderTrouble): void {
    this.#last = { trouble, ts: this.#now() };
  }

  /** A message was left out because of the trouble before. */
  onDropped(): void {
    if (this.#last !== undefined) this.#last = { ...this.#last, ts: this.#now() };
  }

  /** The recorder uses the disk from now on; `onReady` follows, unless the disk hangs. */
  onBusy(): void {
    this.#busyTs = this.#now();
  }

  onReady(): void {
    this.#busyTs = undefined;
  }

  onWritten(): void {
    // A slow disk takes some writes, and leaves out what comes meanwhile.
    if (this.#last?.trouble.code !== 'SLOW') this.#last = undefined;
  }

  /** Why not all is recorded; undefined while it is. */
  get trouble(): RecorderTrouble | undefined {
    const now = this.#now();
    if (this.#last !== undefined && Math.abs(now - this.#last.ts) < RECENT_MS) return this.#last.trouble;
    const busyMs = this.#busyTs === undefined ? 0 : Math.abs(now - this.#busyTs);
    if (busyMs > MAX_BUSY_MS)
      return { code: 'SLOW', message: `The disk has not taken the recording for ${inSeconds(busyMs)} s.` };
    const silentMs = Math.abs(now - this.#frameTs);
    if (silentMs <= MAX_SILENT_MS) return undefined;
    const message = `The streams of the venue have brought nothing to record for ${inSeconds(silentMs)} s.`;
    return { code: 'SILENT', message };
  }
}

const inSeconds = (ms: number): string => String(Math.round(ms / 1_000));
