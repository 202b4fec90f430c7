import { degreeOf, IDIOMS, negates, STEP, WEAKENING_PAIRS } from './function-words.ts';
import type { Unit } from './unit.ts';

/** Weight of a degree adverb by its distance before the word; the length is the maximum distance of a modifier. */
const REACH = [1, 0.95, 0.9];
const SO_OR_THIS = new Set(['so', 'this']);
/** More negations before words of the crypto lexicon: "no utility", "lacks adoption". */
const ALSO_NEGATES = new Set(['no', 'zero', 'lack', 'lacks', 'lacking', 'lacked', 'nobody', 'stop', 'stopped']);

/**
 * The sentiment of each unit in its context: capitals, degree adverbs, negations, "least", idioms, and "but", which weights the
 * words after it more than those before. Rules and steps: Hutto & Gilbert 2014, section 3; order as in their program.
 */
export function valencesOf(units: readonly Unit[]): number[] {
  const mixedCase = units.some(({ shouted }) => shouted) && units.some(({ shouted }) => !shouted);
  const valences = units.map((unit, at) => {
    if (unit.valence === undefined || isModifier(units, at)) return 0;
    return inContext(units, at, unit.valence, mixedCase);
  });
  return weighAroundBut(units, valences);
}

/** True for degree adverbs, and for "kind" in "kind of": they have no sentiment of their own. */
function isModifier(units: readonly Unit[], at: number): boolean {
  const word = units[at]?.word ?? '';
  return degreeOf(word) !== undefined || (word === 'kind' && units[at + 1]?.word === 'of');
}

function inContext(units: readonly Unit[], at: number, raw: number, mixedCase: boolean): number {
  const unit = units[at];
  let valence = raw;
  if (unit?.shouted && mixedCase && unit.crypto?.capitalsCount !== false) valence += away(valence, STEP.capitals);
  for (const [index, share] of REACH.entries()) {
    const distance = index + 1;
    const before = units[at - distance];
    if (before === undefined) break;
    if (unit?.crypto && ALSO_NEGATES.has(before.word)) valence *= STEP.negation;
    if (before.valence !== undefined) continue;
    valence += share * degreeStep(before, valence, mixedCase);
    valence *= negationFactor(units, at, distance);
    if (distance === REACH.length) valence = withIdioms(units, at, valence);
  }
  return valence * minFactor(units, at);
}

/** A step away from zero. */
function away(valence: number, step: number): number {
  return valence > 0 ? step : -step;
}

function degreeStep(before: Unit, valence: number, mixedCase: boolean): number {
  const degree = degreeOf(before.word);
  if (degree === undefined) return 0;
  const step = valence < 0 ? -degree : degree;
  return before.shouted && mixedCase ? step + away(valence, STEP.capitals) : step;
}

/** A negation reverses the sentiment, but "never so good" and "this good" strengthen it. */
function negationFactor(units: readonly Unit[], at: number, distance: number): number {
  const word = (back: number): string => units[at - back]?.heard ?? '';
  const near = SO_OR_THIS.has(word(1));
  if (distance === 2 && word(2) === 'never' && near) return 1.5;
  if (distance === 3 && ((word(3) === 'never' && SO_OR_THIS.has(word(2))) || near)) return 1.25;
  return negates(word(distance)) ? STEP.negation : 1;
}

function withIdioms(units: readonly Unit[], at: number, valence: number): number {
  const said = (from: number, to: number): string =>
    units
      .slice(at + from, at + to + 1)
      .map(({ heard }) => heard)
      .join(' ');
  const behind = [said(-1, 0), said(-2, 0), said(-2, -1), said(-3, -1), said(-3, -2)];
  const ahead = [said(0, 1), said(0, 2)];
  const found = behind.find((saying) => IDIOMS.has(saying));
  const last = ahead.findLast((saying) => IDIOMS.has(saying)) ?? found;
  const meant = last === undefined ? valence : (IDIOMS.get(last) ?? valence);
  const weakened = WEAKENING_PAIRS.has(said(-3, -2)) || WEAKENING_PAIRS.has(said(-2, -1));
  return weakened ? meant - STEP.degree : meant;
}

/** "least good" is negative, "at least good" is positive. */
function minFactor(units: readonly Unit[], at: number): number {
  const [before, previous] = [units[at - 1], units[at - 2]?.word];
  if (before?.word !== 'least' || before.valence !== undefined) return 1;
  return previous === 'at' || previous === 'very' ? 1 : STEP.negation;
}

function weighAroundBut(units: readonly Unit[], valences: number[]): number[] {
  const small = units.findIndex(({ heard }) => heard === 'but');
  const but = small >= 0 ? small : units.findIndex(({ heard }) => heard === 'BUT');
  if (but < 0) return valences;
  return valences.map((valence, at) => (at < but ? 0.5 * valence : at > but ? 1.5 * valence : valence));
}
