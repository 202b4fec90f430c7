/** Powers of ten that a double holds exactly. */
const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15] as const;
/** A number holds all whole numbers of 15 digits exactly. */
const MAX_DIGITS = 15;
const MAX_UNITS = 999_999_999_999_999;

/**
 * An unsigned decimal text in units of 10^−`scale`: 2814510 for `28145.1` at scale 2. Exact if the result is a whole number of up
 * to 15 digits. A text with more decimals gives the nearest double, so equal decimals give equal results and the order is kept.
 */
export function unitsOf(text: string, scale: number): number {
  const point = text.indexOf('.');
  const decimals = point < 0 ? 0 : text.length - point - 1;
  const digits = Number(point < 0 ? text : text.slice(0, point) + text.slice(point + 1));
  const shift = decimals - scale;
  const power = POWERS[Math.abs(shift)];
  if (digits > MAX_UNITS || power === undefined) return Number(text) * 10 ** scale;
  return shift > 0 ? digits / power : digits * power;
}

/** 10^`scale`; NaN for more than 15 decimals. */
export function unitPower(scale: number): number {
  return POWERS[scale] ?? Number.NaN;
}

/**
 * The number of `units` × 10^−`scale`: the same as `Number(unitText(units, scale))`. Both operands are exact, so their quotient is the
 * nearest double.
 */
export function unitValue(units: number, scale: number): number {
  return units / unitPower(scale);
}

/** Texts of one scale: the newest text of each of 4,096 remainders. */
interface KnownTexts {
  readonly units: Float64Array;
  readonly texts: string[];
}

const KNOWN = 4_096;
const known: KnownTexts[] = Array.from({ length: MAX_DIGITS + 1 }, () => ({ units: new Float64Array(0), texts: [] }));

/**
 * The decimal text of `units` × 10^−`scale`, with all decimals: `28145.10` for 2814510 at scale 2. `units` is a whole number ≥ 0 of
 * up to 15 digits. Prices and quantities repeat, so most texts are known.
 */
export function unitText(units: number, scale: number): string {
  const { units: at, texts } = knownAt(scale);
  const slot = units & (KNOWN - 1);
  const found = texts[slot];
  if (at[slot] === units && found !== undefined) return found;
  const text = writeUnits(units, scale);
  at[slot] = units;
  texts[slot] = text;
  return text;
}

function knownAt(scale: number): KnownTexts {
  const found = known[scale];
  if (found !== undefined && found.texts.length > 0) return found;
  const made = { units: new Float64Array(KNOWN).fill(Number.NaN), texts: new Array<string>(KNOWN).fill('') };
  known[scale] = made;
  return made;
}

function writeUnits(units: number, scale: number): string {
  const digits = String(units).padStart(scale + 1, '0');
  if (scale === 0) return digits;
  const point = digits.length - scale;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}
