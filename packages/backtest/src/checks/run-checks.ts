import { checkMoney, FundingLedger } from './check-money.ts';
import type { CheckOptions } from './check-options.ts';
import type { CheckResult } from './check-result.ts';
import { checkLookAhead } from './look-ahead.ts';
import { monteCarlo } from './monte-carlo.ts';
import { type CheckedBacktest, recordRun } from './recorded-run.ts';
import { checkSensitivity } from './sensitivity.ts';
import { checkWarmUp, usualWarmUpMs } from './warm-up.ts';

/** Runs the checks one after the other. Each plays the data several times; `tell` hears what is next. */
export async function runChecks(
  checked: CheckedBacktest,
  { cuts, warmUpMs, draws, sensitivity }: Omit<CheckOptions, 'html'>,
  tell: (what: string) => void = () => {},
): Promise<readonly CheckResult[]> {
  const fundings = new FundingLedger();
  tell('the whole data');
  const whole = await recordRun(checked, { onEvent: (event) => fundings.onEvent(event) });
  const { firstTs, lastTs } = whole.result;
  const results = [checkMoney(whole.result, fundings)];
  tell(`look-ahead, ${cuts} cuts`);
  results.push(await checkLookAhead(checked, whole, cuts));
  tell('warm-up');
  results.push(await checkWarmUp(checked, whole, warmUpMs ?? usualWarmUpMs(firstTs, lastTs)));
  if (draws > 0) {
    tell('Monte Carlo');
    results.push(await monteCarlo(checked, whole, draws));
  }
  for (const path of sensitivity) {
    tell(`sensitivity to ${path}`);
    results.push(await checkSensitivity(checked, path));
  }
  return results;
}
