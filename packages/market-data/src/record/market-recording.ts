import type { RecorderTrouble } from '@helios/shared/domain/recording-status.ts';
import type { FrameRecorder, RecorderCounts } from './frame-recorder.ts';

type Recorder = Pick<FrameRecorder, 'take' | 'part' | 'run' | 'counts' | 'trouble'>;

/** Records a streamed market: each frame, each snapshot of REST, and each book at the begin of a file. */
export class MarketRecording {
  readonly #recorder: Recorder;
  /** The part of the recording that has a book of the symbol. */
  readonly #parts = new Map<string, number>();

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  get counts(): RecorderCounts {
    return this.#recorder.counts;
  }

  /** Why not all is recorded; undefined while it is. */
  get trouble(): RecorderTrouble | undefined {
    return this.#recorder.trouble;
  }

  /** Call it with each received text before the text is processed. */
  onFrame(text: string): void {
    this.#recorder.take(text);
  }

  /** Call it with the answer to each depth request before the answer is processed. */
  onSnapshot(body: string, symbol: string): void {
    this.#recorder.take(body, symbol);
    this.#parts.set(symbol, this.#recorder.part);
  }

  /**
   * Call it after each processed depth update. If the file has no book of the symbol yet, it records the present one as a snapshot. A
   * reader whose book is valid ignores it, because it is not newer.
   * @param book the valid book in the form of the venue's answer to a depth request; undefined without one
   */
  onBook(symbol: string, book: () => string | undefined): void {
    if (this.#parts.get(symbol) === this.#recorder.part) return;
    const text = book();
    if (text !== undefined) this.onSnapshot(text, symbol);
  }

  /** Resolves when stopped and everything is written. Never rejects. */
  run(): Promise<void> {
    return this.#recorder.run();
  }
}
