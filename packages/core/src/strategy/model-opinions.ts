import type { ModelInUse } from '../model/model-in-use.ts';
import type { Abstention, ModelVerdict } from '../model/trading-model.ts';
import { featureInputsOf } from './candidate.ts';
import type { ReasonInput } from './reasons/reason.ts';

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

  get breakEven(): number | undefined {
    return this.#inUse.model.breakEven;
  }

  on(input: ReasonInput): ModelVerdict {
    const { side } = input;
    this.#verdicts[side] ??= this.#judge(input);
    return this.#verdicts[side];
  }

  /** Remembers the opinion on a candidate until its outcome is known. */
  follow(id: string, input: ReasonInput): void {
    const verdict = this.on(input);
    const { state, view } = input;
    if (verdict.kind === 'SPEAKS') this.#inUse.predict(id, state.symbol, verdict.probability, view.nowMs);
  }

  /** Takes the net result of a candidate that ended at `ts`, basis points and epoch ms. */
  settle(id: string, netBp: number, ts: number): void {
    this.#inUse.settle(id, netBp, ts);
  }

  #judge({ side, state, view, params }: ReasonInput): ModelVerdict {
    const { watch, market, symbol } = state;
    if (watch === undefined || !market.bookValid) return abstention('NO_FEATURES');
    const { nowMs } = view;
    const features = watch.features.vector(side, featureInputsOf(state, view, params));
    return this.#inUse.judge({ symbol, nowMs, features, sequence: watch.features.sequence(side, nowMs) });
  }
}

const NO_MODEL = abstention('NO_MODEL');

/** The model's opinion on a candidate; NO_MODEL without one. */
export function opinionOn(input: ReasonInput): ModelVerdict {
  return input.view.model?.on(input) ?? NO_MODEL;
}

/** What a decision says about the model behind its confidence: its name, or `none`. */
export function modelBehind(input: ReasonInput): string {
  return opinionOn(input).kind === 'SPEAKS' ? (input.view.model?.name ?? 'none') : 'none';
}

function abstention(reason: Abstention): ModelVerdict {
  return { kind: 'ABSTAINS', reason, expectedMoveBp: undefined };
}
