import { asInRows } from '../features/candidate-features.ts';
import { abstention } from '../model/model-opinions.ts';
import type { Abstention, ModelInput, ModelVerdict } from '../model/trading-model.ts';
import { featureInputsOf } from './candidate-inputs.ts';
import type { ReasonInput } from './reasons/reason.ts';

/** Limit of `auto` for a model that does not say from which probability on a candidate pays. */
const EVEN_CHANCE = 0.5;

const WHY: Readonly<Record<Abstention, string>> = {
  NO_MODEL: 'model: none',
  NO_FEATURES: 'there are no features to judge',
  MAY_NOT_SPEAK: 'it has not proved itself on this symbol',
  EXPIRED: 'it has expired; train it again',
  OUT_OF_RANGE: 'too many features lie outside what it was trained on',
  DRIFTED: 'the market has drifted away from what it was trained on',
  OUTCOMES_DIFFER: 'outcomes do not match its probabilities',
};

const NO_MODEL = abstention('NO_MODEL');

/** The model's opinion on a candidate; NO_MODEL without one. */
export function opinionOn(input: ReasonInput): ModelVerdict {
  return input.view.model?.on(input.side, () => modelInputOf(input)) ?? NO_MODEL;
}

/** Why there is no probability, as text. */
export function silenceText({ view }: ReasonInput, reason: Abstention): string {
  const { model } = view;
  return model === undefined ? WHY.NO_MODEL : `MODEL_ABSTAINS ${reason}: ${model.name}: ${WHY[reason]}`;
}

/** The probability that a candidate needs, 0..1: as set, else the model's own break-even. */
export function neededProbability({ view, params }: ReasonInput): number {
  const setting = params.signals.ml_confidence_threshold;
  return setting === 'auto' ? (view.model?.breakEven ?? EVEN_CHANCE) : setting;
}

/** What a decision says about the model behind its confidence: its name, or `none`. */
export function modelBehind(input: ReasonInput): string {
  return opinionOn(input).kind === 'SPEAKS' ? (input.view.model?.name ?? 'none') : 'none';
}

function modelInputOf({ side, state, view, params }: ReasonInput): ModelInput | undefined {
  const { watch, market, symbol } = state;
  if (watch === undefined || !market.bookValid) return undefined;
  const { nowMs } = view;
  const inputs = { ...featureInputsOf(state, view, params), ofCandles: view.model?.isOfCandles === true };
  const features = asInRows(watch.features.vector(side, inputs));
  return { symbol, nowMs, features, sequence: watch.features.sequence(side, nowMs) };
}
