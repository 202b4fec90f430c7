import { abstention } from '../model/model-opinions.ts';
import type { ModelInput, ModelVerdict } from '../model/trading-model.ts';
import { featureInputsOf } from './candidate-inputs.ts';
import type { ReasonInput } from './reasons/reason.ts';

const NO_MODEL = abstention('NO_MODEL');

/** The model's opinion on a candidate; NO_MODEL without one. */
export function opinionOn(input: ReasonInput): ModelVerdict {
  return input.view.model?.on(input.side, () => modelInputOf(input)) ?? NO_MODEL;
}

/** What a decision says about the model behind its confidence: its name, or `none`. */
export function modelBehind(input: ReasonInput): string {
  return opinionOn(input).kind === 'SPEAKS' ? (input.view.model?.name ?? 'none') : 'none';
}

function modelInputOf({ side, state, view, params }: ReasonInput): ModelInput | undefined {
  const { watch, market, symbol } = state;
  if (watch === undefined || !market.bookValid) return undefined;
  const { nowMs } = view;
  const features = watch.features.vector(side, featureInputsOf(state, view, params));
  return { symbol, nowMs, features, sequence: watch.features.sequence(side, nowMs) };
}
