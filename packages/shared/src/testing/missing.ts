/**
 * Whether tests must be skipped because what they need is not here; `advice` says what to do about it.
 * @throws Error where HELIOS_SKIP_NOTHING is set: there a skipped test would pass for one that was run.
 */
export function missing(found: boolean, advice: string): boolean {
  if (!found && process.env['HELIOS_SKIP_NOTHING']) throw new Error(advice);
  return !found;
}
