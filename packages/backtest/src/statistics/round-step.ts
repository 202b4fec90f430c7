/** Steps that a reader takes at a glance, times a power of ten. */
const ROUND_STEPS = [1, 2, 5, 10];

/** The next 1, 2 or 5 times a power of ten that is not smaller; 1 for 0. */
export function roundStep(width: number): number {
  if (!(width > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  return power * (ROUND_STEPS.find((step) => step * power >= width * (1 - 1e-9)) ?? 10);
}
