/**
 * True if tests must be skipped because something they need is missing; `advice` says what to do.
 * @throws Error if HELIOS_SKIP_NOTHING is set, so that a skipped test does not look like a passed one
 */
export function missing(found: boolean, advice: string): boolean {
  if (!found && process.env['HELIOS_SKIP_NOTHING']) throw new Error(advice);
  return !found;
}
