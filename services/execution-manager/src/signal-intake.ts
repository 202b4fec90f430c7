import { denialAnswer } from '@helios/core/live/live-answers.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import { isExit, type SentSignal } from '@helios/shared/domain/signal.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { LivePath } from './live-path.ts';
import type { LivePublisher } from './live-publisher.ts';

interface IntakeOptions {
  readonly run: string;
  readonly path: LivePath;
  /** Tells live trading what the process has against entries. */
  readonly refreshBlocks: () => void;
  readonly publisher: Pick<LivePublisher, 'offer' | 'settled'>;
  /** Act on exits published by hand. */
  readonly acceptsExternal: boolean;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: Logger;
}

/**
 * Takes entries that risk-manager allows, and exits, each once. A message is acknowledged after its effect is in Redis, so a killed
 * process gets it again; the state machine recognises it by its signal id.
 */
export class SignalIntake {
  readonly #options: IntakeOptions;
  #foreign = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** @throws BusUnavailable: the message comes again */
  async onEntry(entry: AssessedEntry): Promise<void> {
    const { path, publisher, refreshBlocks } = this.#options;
    if (this.#isForeign(entry.intent.run)) return;
    // A process that was asleep must notice it before its first order.
    refreshBlocks();
    path.act((trading, nowMs) => trading.onEntry(entry, nowMs));
    await publisher.settled();
  }

  /** Takes exits; entries go to risk-manager first. @throws BusUnavailable: the message comes again */
  async onSignal({ book: _, ...signal }: SentSignal): Promise<void> {
    const { path, publisher, acceptsExternal, now } = this.#options;
    if (!isExit(signal.direction) || this.#isForeign(signal.run)) return;
    if (signal.origin === 'EXTERNAL' && !acceptsExternal)
      publisher.offer([], [denialAnswer(signal, { code: 'EXTERNAL_SIGNAL', value: 1, limit: 0 }, now())]);
    else path.act((trading, nowMs) => trading.onExit(signal, nowMs));
    await publisher.settled();
  }

  #isForeign(run: string): boolean {
    if (run === this.#options.run) return false;
    this.#foreign += 1;
    if (this.#foreign === 1)
      this.#options.log.warn({ run }, 'the streams contain records of another run, dropping them');
    return true;
  }
}
