import { SettingsError } from '@helios/shared/runtime/config/settings-error.ts';
import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { StartRefused } from './start-refused.ts';

/** Faults whose message says all there is: what happened, why, what to do. Any other is ours, and shows its stack. */
const isPlain = (error: unknown): error is Error =>
  error instanceof StartRefused ||
  error instanceof SettingsError ||
  error instanceof BusUnavailable ||
  error instanceof BusFault;

/** What to show the operator of an error. */
export const messageOf = (error: unknown): string =>
  isPlain(error) ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);

/** Runs a command as this process: its exit code, or 1 after an error shown on stderr. */
export async function runCommand(main: () => Promise<number>): Promise<never> {
  try {
    process.exit(await main());
  } catch (error) {
    console.error(`\n${messageOf(error)}`);
    process.exit(1);
  }
}
