import { existsSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { KnownLedger } from '@helios/shared/domain/known-ledger.ts';
import { compareLedger, isExpected } from './ledger/compare-ledger.ts';
import type { Ledger } from './ledger/ledger.ts';
import { LedgerInUse, LedgerUnusable, LedgerUnwritable } from './ledger/ledger-errors.ts';
import { resetStamp } from './ledger/ledger-file.ts';
import { moveOrphansAside } from './ledger/open-files.ts';
import { openLedger } from './ledger/open-ledger.ts';
import type { LedgerMemory } from './ledger-memory.ts';
import {
  describeDamage,
  describeInUse,
  describeLoss,
  describeUnwritable,
  type LedgerTroubles,
  type Trouble,
} from './ledger-troubles.ts';

const LOOK_EVERY_MS = 1_000;

interface Options {
  readonly run: string;
  /** Path of the ledger. @throws if its folder cannot be created */
  readonly path: () => string;
  readonly refusalsKept: number;
  readonly memory: Pick<LedgerMemory, 'read'>;
  readonly troubles: LedgerTroubles;
  readonly wallNow: () => number;
}

/**
 * Opens the run's ledger, or creates it if Redis has no record of one. If the file differs from that record, or cannot
 * be used, it stays closed. This function then reports the problem and looks again every second until the operator has
 * fixed it.
 * @throws BusUnavailable
 */
export async function openRunLedger(options: Options): Promise<Ledger> {
  const { memory, troubles } = options;
  let judged: string | undefined;
  for (;;) {
    const known = await memory.read();
    // Checking a large file takes long, so an unchanged file is not checked again.
    if (judged === undefined || judged !== signatureOf(options, known)) {
      const found = findLedger(options, known);
      if ('ledger' in found) {
        troubles.set(undefined);
        await troubles.show();
        return found.ledger;
      }
      troubles.set(found.trouble);
      judged = found.trouble.code === 'UNWRITABLE' ? undefined : signatureOf(options, known);
    }
    await troubles.show();
    await pause(LOOK_EVERY_MS);
  }
}

/** The inputs of a check: the file, and its record in Redis. */
function signatureOf({ path }: Options, known: KnownLedger | undefined): string {
  const stat = statSync(path(), { throwIfNoEntry: false });
  return JSON.stringify([known, stat?.ino, stat?.size, stat?.mtimeMs]);
}

type Found = { readonly ledger: Ledger } | { readonly trouble: Trouble };

function findLedger({ run, path, refusalsKept, wallNow }: Options, known: KnownLedger | undefined): Found {
  let file: string;
  try {
    file = path();
  } catch (error) {
    return { trouble: describeUnwritable(`The folder of the ledger cannot be created: ${String(error)}.`) };
  }
  if (isEmpty(file) && isExpected(file, known)) {
    moveOrphansAside(file, resetStamp(wallNow()));
    return { trouble: describeLoss('MISSING', file, known) };
  }
  try {
    return compared(openLedger(file, run, refusalsKept), known);
  } catch (error) {
    if (error instanceof LedgerUnusable) return { trouble: describeDamage(file, run, error.message) };
    if (error instanceof LedgerInUse) return { trouble: describeInUse(error.message) };
    if (error instanceof LedgerUnwritable) return { trouble: describeUnwritable(error.message) };
    throw error;
  }
}

/** True for a missing or empty file. A truncation leaves an empty file, and SQLite would create a new ledger in it. */
const isEmpty = (path: string): boolean => !existsSync(path) || statSync(path).size === 0;

function compared(ledger: Ledger, known: KnownLedger | undefined): Found {
  const code = compareLedger(ledger, known);
  if (code === undefined || known === undefined) return { ledger };
  const trouble = describeLoss(code, ledger.path, known, ledger.size());
  ledger.close();
  return { trouble };
}
