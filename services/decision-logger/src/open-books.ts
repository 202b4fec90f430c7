import { resolve } from 'node:path';
import type { ServiceContext } from '@helios/shared/runtime/service.ts';
import type { Ledger } from './ledger/ledger.ts';
import { ledgerPath, removeOldReplays } from './ledger/ledger-file.ts';
import { LedgerMemory } from './ledger-memory.ts';
import { LedgerTroubles } from './ledger-troubles.ts';
import { openRunLedger } from './open-run-ledger.ts';

/** Root of the repository; the settings name folders relative to it. */
export const ROOT = resolve(import.meta.dirname, '../../..');

export type LoggerContext = ServiceContext<
  'decision-logger',
  'simulation' | 'fees' | 'performance' | 'risk' | 'reasons' | 'trading' | 'protections' | 'system'
>;

/** The run's ledger with what watches over it. */
export interface OpenedBooks {
  readonly ledger: Ledger;
  readonly memory: LedgerMemory;
  readonly troubles: LedgerTroubles;
}

/** Opens the run's ledger; waits while it cannot be used. */
export async function openBooks(context: LoggerContext): Promise<OpenedBooks> {
  const { bus, settings, mode, log } = context;
  const { run } = mode;
  const wallNow = () => Date.now();
  const memory = new LedgerMemory(bus, run, log);
  const troubles = new LedgerTroubles({ bus, run, wallNow, log });
  const path = () => ledgerPath({ ...ledgerFolder(context), run, session: mode.session });
  const ledger = await openRunLedger({
    run,
    path,
    refusalsKept: settings.system.refusals_kept,
    memory,
    troubles,
    wallNow,
  });
  log.info({ path: ledger.path }, 'ledger opened');
  removeReplaysOf(context, ledger);
  return { ledger, memory, troubles };
}

function ledgerFolder({ settings, mode }: LoggerContext): { readonly dataDir: string; readonly isReplay: boolean } {
  return { dataDir: resolve(ROOT, settings.system.data_dir), isReplay: mode.source?.kind === 'replay' };
}

function removeReplaysOf(context: LoggerContext, ledger: Ledger): void {
  const { log } = context;
  const { dataDir, isReplay } = ledgerFolder(context);
  if (!isReplay) return;
  try {
    const removed = removeOldReplays(dataDir, ledger.path);
    if (removed.length > 0) log.info({ removed }, 'deleted the oldest replay ledgers, kept the newest twenty');
  } catch (error) {
    log.warn({ problem: String(error) }, 'old replay ledgers could not be deleted, they only use disk space');
  }
}
