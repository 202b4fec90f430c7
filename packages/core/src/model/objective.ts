/** How XGBoost turns a sum of leaves (margin) into a prediction. */
export type Link = 'IDENTITY' | 'LOGISTIC' | 'LOGISTIC_MARGIN' | 'EXPONENTIAL' | 'SOFTMAX' | 'HINGE';

/** XGBoost's objectives (learner/objective in its documentation) by their link. `multi:softmax` is evaluated as `multi:softprob`. */
const LINKS: Readonly<Record<string, Link>> = {
  'binary:logistic': 'LOGISTIC',
  'reg:logistic': 'LOGISTIC',
  'binary:logitraw': 'LOGISTIC_MARGIN',
  'binary:hinge': 'HINGE',
  'multi:softprob': 'SOFTMAX',
  'multi:softmax': 'SOFTMAX',
  'reg:squarederror': 'IDENTITY',
  'reg:linear': 'IDENTITY',
  'reg:squaredlogerror': 'IDENTITY',
  'reg:pseudohubererror': 'IDENTITY',
  'reg:absoluteerror': 'IDENTITY',
  'reg:quantileerror': 'IDENTITY',
  'rank:pairwise': 'IDENTITY',
  'rank:ndcg': 'IDENTITY',
  'rank:map': 'IDENTITY',
  'reg:gamma': 'EXPONENTIAL',
  'reg:tweedie': 'EXPONENTIAL',
  'count:poisson': 'EXPONENTIAL',
  'survival:cox': 'EXPONENTIAL',
  'survival:aft': 'EXPONENTIAL',
};

/** The link of an objective; undefined for an unknown one. */
export function linkOf(objective: string): Link | undefined {
  return Object.hasOwn(LINKS, objective) ? LINKS[objective] : undefined;
}

/** 1 / (1 + exp(−margin)). */
export function logistic(margin: number): number {
  return 1 / (1 + Math.exp(-margin));
}

/** `base_score` is stored as a prediction; trees add to its margin. */
export function marginOfBaseScore(score: number, link: Link): number {
  switch (link) {
    case 'LOGISTIC':
    case 'LOGISTIC_MARGIN':
      return -Math.log(1 / score - 1);
    case 'EXPONENTIAL':
      return Math.log(score);
    default:
      return score;
  }
}

/** Replaces margins by predictions, in place. */
export function transformMargins(margins: Float32Array, link: Link): void {
  if (link === 'IDENTITY' || link === 'LOGISTIC_MARGIN') return;
  if (link === 'SOFTMAX') {
    softmax(margins);
    return;
  }
  for (let group = 0; group < margins.length; group += 1) {
    const margin = margins[group] ?? 0;
    margins[group] = link === 'LOGISTIC' ? logistic(margin) : link === 'HINGE' ? Number(margin > 0) : Math.exp(margin);
  }
}

function softmax(margins: Float32Array): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (const margin of margins) largest = Math.max(largest, margin);
  let sum = 0;
  for (let group = 0; group < margins.length; group += 1) {
    const weight = Math.exp((margins[group] ?? 0) - largest);
    margins[group] = weight;
    sum += weight;
  }
  for (let group = 0; group < margins.length; group += 1) margins[group] = (margins[group] ?? 0) / sum;
}
