import type { Side } from '@helios/shared/domain/signal.ts';
import type { ModelInUse } from './model-in-use.ts';
import type { Abstention, ModelInput, ModelVerdict } from './trading-model.ts';

/** The model's opinions on the candidates of one decision. Each side is judged at most once, and only if somebody asks. */
export class ModelOpinions {
  readonly #inUse: ModelInUse;
  readonly #verdicts: { LONG?: ModelVerdict; SHORT?: ModelVerdict } = {};

  constructor(inUse: ModelInUse) {
    this.#inUse = inUse;
  }

  get name(): string {
    return this.#inUse.model.name;
  }

  get isOfCandles(): boolean {
    return this.#inUse.model.isOfCandles;
  }

  get breakEven(): number | undefined {
    return this.#inUse.model.breakEven;
  }

  /** The opinion on a side; `read` gives what the model reads, undefined without features. */
  on(side: Side, read: () => ModelInput | undefined): ModelVerdict {
    this.#verdicts[side] ??= this.#judge(read());
    return this.#verdicts[side];
  }

  /** Remembers the opinion on a candidate until its outcome is known. */
  follow(id: string, symbol: string, side: Side, nowMs: number): void {
    const verdict = this.#verdicts[side];
    if (verdict?.kind === 'SPEAKS') this.#inUse.predict(id, symbol, verdict.probability, nowMs);
  }

  /** Takes the net result of a candidate that ended at `ts`, basis points and epoch ms. */
  settle(id: string, netBp: number, ts: number): void {
    this.#inUse.settle(id, netBp, ts);
  }

  #judge(input: ModelInput | undefined): ModelVerdict {
    return input === undefined ? abstention('NO_FEATURES') : this.#inUse.judge(input);
  }
}

/** A verdict without any figure. */
export function abstention(reason: Abstention): ModelVerdict {
  return { kind: 'ABSTAINS', reason, expectedMoveBp: undefined };
}
