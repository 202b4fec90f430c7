import { type Execution, isFinal } from '@helios/shared/domain/execution.ts';
import type { LiveCounts } from '@helios/shared/domain/live-counts.ts';

/** Counts the recorded messages of live trading since the start of this process. */
export class MessageCounts {
  #signals = 0;
  #intents = 0;
  #fills = 0;
  readonly #answers: Record<string, number> = {};

  addSignal(): void {
    this.#signals += 1;
  }

  addIntent(): void {
    this.#intents += 1;
  }

  addExecution({ answer }: Execution): void {
    if (answer === 'FILLED' || answer === 'PARTIALLY_FILLED') this.#fills += 1;
    if (isFinal(answer)) this.#answers[answer] = (this.#answers[answer] ?? 0) + 1;
  }

  counts(): Pick<LiveCounts, 'signals' | 'intents' | 'fills' | 'answers'> {
    return { signals: this.#signals, intents: this.#intents, fills: this.#fills, answers: { ...this.#answers } };
  }
}
