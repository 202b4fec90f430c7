import type { Side } from '../signal.ts';

/** What a regime changes: factors on threshold, stop distance and holding time, and directions it forbids. */
export interface RegimeEffect {
  readonly thresholdFactor: number;
  readonly stopFactor: number;
  readonly holdFactor: number;
  readonly blocked: readonly Side[];
}

/** Bounds of the three factors. */
const MIN_FACTOR = 0.01;
const MAX_FACTOR = 100;

/** Describes the text form of an effect, for error messages. */
export const REGIME_EFFECT_FORM = `threshold, stop and hold, each a factor ${MIN_FACTOR} to ${MAX_FACTOR}, and block none, LONG, SHORT or both`;

const FACTOR = '\\s+(\\d+\\.?\\d*|\\.\\d+)';
const PARTS = [`threshold${FACTOR}`, `stop${FACTOR}`, `hold${FACTOR}`, 'block\\s+(none|long|short|both)'];
const FORM = new RegExp(`^${PARTS.join('\\s*,\\s*')}$`, 'i');

const BLOCKED: Readonly<Record<string, readonly Side[]>> = {
  none: [],
  long: ['LONG'],
  short: ['SHORT'],
  both: ['LONG', 'SHORT'],
};

/** Reads `threshold 1, stop 1.5, hold 1.5, block SHORT`; `undefined` if the text has another form or a factor is out of bounds. */
export function parseRegimeEffect(text: string): RegimeEffect | undefined {
  const [, threshold, stop, hold, block = ''] = FORM.exec(text.trim()) ?? [];
  const [thresholdFactor, stopFactor, holdFactor] = [Number(threshold), Number(stop), Number(hold)];
  const blocked = BLOCKED[block.toLowerCase()];
  const inBounds = (factor: number) => factor >= MIN_FACTOR && factor <= MAX_FACTOR;
  if (blocked === undefined || ![thresholdFactor, stopFactor, holdFactor].every(inBounds)) return undefined;
  return { thresholdFactor, stopFactor, holdFactor, blocked };
}

/** The text form of an effect in the settings. */
export function regimeEffectText({ thresholdFactor, stopFactor, holdFactor, blocked }: RegimeEffect): string {
  const block = blocked.length === 2 ? 'both' : (blocked[0] ?? 'none');
  return `threshold ${thresholdFactor}, stop ${stopFactor}, hold ${holdFactor}, block ${block}`;
}
