import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pictureLines } from './account-picture.ts';
import type { ClosedAccount } from './close-account.ts';
import type { PanicSettings } from './panic-settings.ts';

/** Writes the report into the log folder. @returns the result for the operator; a report that cannot be written is a warning */
export function writeReport(
  { network, url, logDir }: PanicSettings,
  closed: ClosedAccount,
  { startedTs, endedTs }: { readonly startedTs: number; readonly endedTs: number },
): readonly string[] {
  const { result, before, after, steps } = closed;
  const stamp = new Date(startedTs).toISOString().replace(/[:.]/g, '-');
  const file = join(logDir, `panic-${stamp}.json`);
  const report = { result, network, venue: url, started_ts: startedTs, ended_ts: endedTs, before, after, steps };
  return [...resultLines(closed, endedTs - startedTs), written(file, logDir, JSON.stringify(report, null, 2))];
}

function resultLines({ result, before, after }: ClosedAccount, tookMs: number): readonly string[] {
  const seconds = (tookMs / 1_000).toFixed(1);
  const wallet = `Wallet balance ${before?.walletBalance ?? 'unknown'} before, ${after?.walletBalance ?? 'unknown'} after.`;
  if (result === 'FLAT') return [`FLAT: two readings show no position and no order (${seconds} s). ${wallet}`];
  return [
    `NOT PROVEN FLAT after ${seconds} s. ${wallet}`,
    ...(after === undefined ? ['  The account could not be read.'] : pictureLines(after).map((line) => `  ${line}`)),
    '  • Look at the account on the venue’s own page or app now, and close what is open there.',
    '  • Or run this command again: it goes on where it is.',
  ];
}

function written(file: string, folder: string, text: string): string {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, `${text}\n`);
    return `Report: ${file}`;
  } catch (error) {
    return `warning: the report cannot be written: ${String(error)}`;
  }
}
