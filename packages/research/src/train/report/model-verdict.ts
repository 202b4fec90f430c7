import { figure, intervalText, signedFigure } from '@helios/backtest/report/format.ts';
import type { Estimate } from '@helios/backtest/statistics/stationary-bootstrap.ts';
import type { VariantFigures } from './figures.ts';

/** What a model is worth, and whether it may speak. */
export interface ModelVerdictText {
  /**
   * PAYS: the rows that it takes end with a net gain out of sample. LEAK: its AUC is too good to be true until somebody explains it.
   * WORTHLESS: anything else, no matter how good it looks.
   */
  readonly kind: 'PAYS' | 'LEAK' | 'WORTHLESS';
  /** True: signal-engine may ask the model. */
  readonly maySpeak: boolean;
  readonly sentence: string;
}

/** AUC at minutes above which a leak is more likely than skill (published: 0.50 to 0.55). */
export const SUSPECT_AUC = 0.6;
/** Fewer taken rows prove nothing. */
const MIN_TAKEN = 30;

/**
 * Judges the answers out of sample. A model pays if both intervals say so: it tells gains from losses (AUC above 0.5), and what it
 * takes ends with a net gain after costs.
 * @param leakFinding what somebody found who looked for the leak; undefined if nobody did
 */
export function modelVerdictOf(figures: VariantFigures, leakFinding: string | undefined): ModelVerdictText {
  const { auc, netBp, taken, rows } = figures;
  const pays = taken >= MIN_TAKEN && isAbove(auc, 0.5) && isAbove(netBp, 0);
  const facts = `AUC ${withInterval(auc, 3)}; it takes ${figure(taken, 0)} of ${figure(rows, 0)} candidates, ${netText(netBp, taken)}`;
  if ((auc.value ?? 0) > SUSPECT_AUC && leakFinding === undefined) {
    return {
      ...{ kind: 'LEAK', maySpeak: false },
      sentence: `Suspected leak: out of sample its AUC is ${withInterval(auc, 3)}, and above ${SUSPECT_AUC} at minutes nobody has been right; it abstains until somebody finds the reason (--leak-checked).`,
    };
  }
  if (pays)
    return {
      ...{ kind: 'PAYS', maySpeak: true },
      sentence: `Out of sample, after costs, it beats refusing every candidate: ${facts}.`,
    };
  return {
    ...{ kind: 'WORTHLESS', maySpeak: false },
    sentence: `Worth nothing as a filter, so it abstains: out of sample, after costs, it does not beat refusing every candidate (${facts}).`,
  };
}

const isAbove = ({ low }: Estimate, bound: number) => low !== undefined && low > bound;

const withInterval = (estimate: Estimate, digits: number) =>
  `${figure(estimate.value, digits)} (${intervalText(estimate, digits)})`;

function netText(netBp: Estimate, taken: number): string {
  return taken === 0
    ? 'so it earns nothing and loses nothing'
    : `${signedFigure(netBp.value, 1)} bp each (${intervalText(netBp, 1)})`;
}
