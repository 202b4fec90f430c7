import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { typedCommand } from '@helios/shared/runtime/cli/command-line.mjs';
import { StartRefused } from '../start-refused.ts';
import { type ExaminedAccount, examineAccount } from './examine-account.ts';
import { type DoctorFinding, findingLines } from './finding.ts';

const EXAMINATIONS = 3;
const PAUSE_MS = 2_000;

/**
 * Examines the account before a live start, and shows everything that is not in order. With open positions only an absolute fault
 * refuses: a fleet that does not start protects nothing. Entries have their own test in execution-manager.
 * @param local findings about this machine
 * @throws StartRefused on a fault
 */
export async function admitLive(
  settings: Settings,
  local: readonly DoctorFinding[],
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<void> {
  const { findings: remote, hasPositions } = await examinedAccount(settings, stop);
  const findings = [...local, ...remote];
  const faults = findings.filter(({ outcome }) => outcome === 'FAULT');
  const isRefused = faults.some(({ isAbsolute }) => isAbsolute) || (faults.length > 0 && !hasPositions);
  const shown = findings.filter(({ outcome }) => outcome !== 'OK' && outcome !== 'SKIPPED');
  if (isRefused)
    throw new StartRefused([
      'Live trading cannot start, so nothing was started:',
      ...shown.flatMap(findingLines),
      `  • ${typedCommand('doctor')} shows all checks.`,
    ]);
  for (const line of shown.flatMap(findingLines)) say(line);
  if (faults.length > 0)
    say(
      '  Positions are open, so the fleet starts all the same, to protect them. Mend these faults before you press Start.',
    );
  else say(`Doctor: ${findings.length} checks, no fault`);
}

/** Examines again after checks without an answer. What stays unknown does not refuse a start: the venue may be slow for hours. */
async function examinedAccount(settings: Settings, stop: AbortSignal): Promise<ExaminedAccount> {
  for (let times = 1; ; times += 1) {
    const examined = await examineAccount(settings);
    const isKnown = examined.findings.every(({ outcome }) => outcome !== 'UNKNOWN');
    if (isKnown || times === EXAMINATIONS || stop.aborted) return examined;
    await pause(PAUSE_MS, undefined, { signal: stop }).catch(() => {});
  }
}
