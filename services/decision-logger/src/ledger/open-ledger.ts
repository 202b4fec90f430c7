import type { Ledger } from './ledger.ts';
import { SqliteLedger } from './sqlite-ledger.ts';

/** Default of the setting `system.refusals_kept`. */
const DEFAULT_REFUSALS_KEPT = 100_000;

/**
 * Opens a run's ledger, or begins it.
 *
 * Write-ahead log with `synchronous=NORMAL`: a commit is in the system's file cache when it returns, so a killed process
 * (kill -9, crash, out of memory) loses nothing and leaves nothing half done; no fsync stands between a signal and its
 * acknowledgement (2 ms each on a slow disk). A power cut can cost what was committed since the last `checkpoint`, which
 * the service calls once a second: as much as Redis with `appendfsync everysec`, and the file stays consistent.
 * @throws LedgerUnusable where the file is damaged, of a newer version or of another run; LedgerInUse where another process writes it; LedgerUnwritable.
 */
export function openLedger(path: string, run: string, refusalsKept = DEFAULT_REFUSALS_KEPT): Ledger {
  return new SqliteLedger(path, run, refusalsKept);
}
