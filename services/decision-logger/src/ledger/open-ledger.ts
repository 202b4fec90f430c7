import type { Ledger } from './ledger.ts';
import { SqliteLedger } from './sqlite-ledger.ts';

/** Default of the setting `system.refusals_kept`. */
const DEFAULT_REFUSALS_KEPT = 100_000;

/**
 * Opens a run's ledger, or creates it.
 *
 * It uses a write-ahead log with `synchronous=NORMAL`. When a commit returns, it is in the system's file cache. So a
 * killed process (kill -9, crash, out of memory) loses nothing and leaves no partial commit. A signal is acknowledged
 * without an fsync (2 ms each on a slow disk). A power cut can lose the commits since the last `checkpoint`, which the
 * service calls once a second. Redis with `appendfsync everysec` loses as much. The file stays consistent.
 * @throws LedgerUnusable if the file is damaged, of a newer version or of another run; LedgerInUse if another process
 * writes it; LedgerUnwritable if it cannot be opened now
 */
export function openLedger(path: string, run: string, refusalsKept = DEFAULT_REFUSALS_KEPT): Ledger {
  return new SqliteLedger(path, run, refusalsKept);
}
