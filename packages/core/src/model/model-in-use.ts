import { FEATURE_NAMES } from '@helios/shared/domain/features.ts';
import type { ModelManifest } from '@helios/shared/domain/model-manifest.ts';
import { KeyedThrottle } from '../time/throttle.ts';
import { knownInputs } from './known-inputs.ts';
import { OutcomeWatch } from './outcome-watch.ts';
import { PopulationStability } from './population-stability.ts';
import type { Abstention, ModelInput, ModelVerdict, TradingModel } from './trading-model.ts';

/** Decisions of one symbol within a minute see the same market: one of them counts. A training may have taken fewer. */
const MIN_SAMPLE_MS = 60_000;
/** Decisions between two calculations of the drift. */
const DRIFT_INTERVAL = 25;

/** What became of a model's opinions so far. */
export interface ModelWatchState {
  readonly judged: number;
  readonly spoke: number;
  readonly abstained: Readonly<Partial<Record<Abstention, number>>>;
  /** Features outside the range of training, over all judged decisions. */
  readonly outOfRange: number;
  /** Decisions in the window of the drift, and the window's size. */
  readonly window: number;
  readonly windowSize: number;
  /** Features whose distribution left that of training, largest index first. */
  readonly drifted: readonly { readonly name: string; readonly psi: number; readonly limit: number }[];
  readonly isDrifted: boolean;
  readonly outcomes: { readonly counted: number; readonly score: number; readonly isAlarm: boolean };
}

/** A model with its watch over inputs and outcomes. A new model gets a new watch. */
export class ModelInUse {
  readonly model: TradingModel;
  readonly #outcomes: OutcomeWatch;
  /** The features whose drift is watched: those that training knew. */
  readonly #inputs: ModelManifest['inputs'];
  readonly #stability: PopulationStability | undefined;
  readonly #samples: KeyedThrottle<string>;
  readonly #abstained: Partial<Record<Abstention, number>> = {};
  #judged = 0;
  #spoke = 0;
  #outOfRange = 0;
  #untilDrift = DRIFT_INTERVAL;
  #drifted: ModelWatchState['drifted'] = [];
  #isDrifted = false;

  constructor(model: TradingModel) {
    this.model = model;
    const { manifest } = model;
    this.#samples = new KeyedThrottle(Math.max(MIN_SAMPLE_MS, manifest?.drift.apart_ms ?? 0));
    this.#outcomes = new OutcomeWatch(manifest?.drift.base_rate);
    this.#inputs = [...knownInputs(manifest?.inputs ?? [])];
    if (manifest && this.#inputs.length > 0)
      this.#stability = new PopulationStability(this.#inputs, manifest.drift.decisions);
  }

  /** The model's verdict on a decision, or why it has none. Counts the decision. */
  judge(input: ModelInput): ModelVerdict {
    this.#judged += 1;
    this.#outOfRange += this.model.outOfRange(input.features);
    if (this.#samples.take(input.symbol, input.nowMs)) this.#sample(input.features);
    const verdict = this.#verdict(input);
    if (verdict.kind === 'SPEAKS') this.#spoke += 1;
    else this.#abstained[verdict.reason] = (this.#abstained[verdict.reason] ?? 0) + 1;
    return verdict;
  }

  /** Remembers the probability of a candidate until its outcome is known. */
  predict(id: string, symbol: string, probability: number, nowMs: number): void {
    this.#outcomes.predict(id, symbol, probability, nowMs);
  }

  /** Takes the net result of a candidate that ended at `ts`, basis points and epoch ms; undefined: it is not known. */
  settle(id: string, netBp: number | undefined, ts: number): void {
    if (netBp !== undefined) this.#outcomes.settle(id, netBp > 0, ts);
  }

  state(): ModelWatchState {
    return {
      judged: this.#judged,
      spoke: this.#spoke,
      abstained: { ...this.#abstained },
      outOfRange: this.#outOfRange,
      window: this.#stability?.decisions ?? 0,
      windowSize: this.model.manifest?.drift.decisions ?? 0,
      drifted: this.#drifted,
      isDrifted: this.#isDrifted,
      outcomes: this.#outcomes.state(),
    };
  }

  #verdict(input: ModelInput): ModelVerdict {
    const verdict = this.model.judge(input);
    if (verdict.kind === 'ABSTAINS') return verdict;
    if (this.#isDrifted) return { kind: 'ABSTAINS', reason: 'DRIFTED', expectedMoveBp: undefined };
    // A wrong direction says nothing against the size of the move.
    if (this.#outcomes.isAlarm)
      return { kind: 'ABSTAINS', reason: 'OUTCOMES_DIFFER', expectedMoveBp: verdict.expectedMoveBp };
    return verdict;
  }

  #sample(features: Float64Array): void {
    const { manifest } = this.model;
    const stability = this.#stability;
    if (stability === undefined || manifest === undefined) return;
    stability.add(features);
    this.#untilDrift -= 1;
    if (!stability.isFull || this.#untilDrift > 0) return;
    this.#untilDrift = DRIFT_INTERVAL;
    this.#drifted = driftedInputs(this.#inputs, stability.indexes());
    this.#isDrifted = this.#drifted.length > manifest.drift.max_share * this.#inputs.length;
  }
}

function driftedInputs(inputs: ModelManifest['inputs'], indexes: readonly number[]): ModelWatchState['drifted'] {
  return inputs
    .flatMap(({ name, psi_limit: limit }, index) => {
      const psi = indexes[index] ?? 0;
      return psi > limit && FEATURE_NAMES.includes(name) ? [{ name, psi, limit }] : [];
    })
    .sort((a, b) => b.psi - a.psi);
}
